//! A runtime's versions in pages. Only the versions of one page are read, and only one of them is in memory at a time,
//! however many versions there are and however long their manifests.

use app::model::VersionFilter;
use rusqlite::{OptionalExtension, Transaction};

use super::reading::each;
use crate::state::Version;
use crate::store::{Store, StoreError};

/// The most names returned besides the page's versions: people who add a version see a clash before they upload.
const MOST_NAMES: u32 = 1_000;

/// Which versions may need attention: those that are not archived, and failed or run.
const MAY_BE_UNHEALTHY: &str = "AND v.wish <> 'archived' AND (v.failure_json IS NOT NULL
     OR (v.settled IN ('started', 'published') AND v.wish <> 'stopped'))";

/// A page of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionPage<T> {
    pub versions: Vec<T>,
    /// Pass it as `before` to read the next page.
    pub next: Option<String>,
    /// How many versions match the filter, on all pages.
    pub found: u32,
    /// Names of the newest versions, including archived ones.
    pub names: Vec<String>,
}

impl Store {
    /// At most `most` versions that match the filter, newest first, each converted by `show`. For
    /// [`VersionFilter::unhealthy`], `show` leaves out those that are healthy after all, and the number of matching
    /// versions is not known here.
    pub async fn list_versions<T: Send + 'static>(
        &self,
        runtime: &str,
        filter: VersionFilter,
        most: usize,
        show: impl Fn(&Version) -> Option<T> + Send + 'static,
    ) -> Result<VersionPage<T>, StoreError> {
        let runtime = runtime.to_owned();
        self.read(move |inner, transaction| {
            let (at, name) = beginning(transaction, &runtime, &filter.before)?;
            let (only, limit) = match filter.unhealthy {
                true => (MAY_BE_UNHEALTHY, String::new()),
                false => (
                    "AND (?2 OR v.wish <> 'archived') AND (?3 = '' OR instr(v.name, ?3) > 0)",
                    format!("LIMIT {}", most + 1),
                ),
            };
            let which = format!(
                "WHERE v.runtime = ?1 {only} AND v.created_at <= ?4 AND NOT (v.created_at = ?4 AND v.name <= ?5)
                 ORDER BY v.created_at DESC, v.name {limit}"
            );
            let mut versions = Vec::new();
            let mut last = None;
            let mut is_more = false;
            each(inner, transaction, &which, (&runtime, filter.archived, &filter.name, at, name), |version| {
                if is_more {
                    return;
                }
                let Some(shown) = show(&version) else { return };
                if versions.len() == most {
                    is_more = true;
                    return;
                }
                versions.push(shown);
                last = Some(version.name);
            })?;
            Ok(VersionPage {
                versions,
                next: last.filter(|_| is_more),
                found: found(transaction, &runtime, &filter)?,
                names: names(transaction, &runtime)?,
            })
        })
        .await
    }
}

/// The position after which the page begins: that of the version named `before`, or the beginning.
fn beginning(transaction: &Transaction, runtime: &str, before: &str) -> Result<(i64, String), StoreError> {
    let mut statement =
        transaction.prepare_cached("SELECT created_at, name FROM versions WHERE runtime = ?1 AND name = ?2")?;
    let found = statement.query_row([runtime, before], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.unwrap_or((i64::MAX, String::new())))
}

fn found(transaction: &Transaction, runtime: &str, filter: &VersionFilter) -> Result<u32, StoreError> {
    // Without a name, the index is enough.
    let count = match filter.name.is_empty() {
        true => "SELECT COUNT(*) FROM versions WHERE runtime = ?1 AND (?2 OR wish <> 'archived') AND ?3 = ''",
        false => {
            "SELECT COUNT(*) FROM versions WHERE runtime = ?1 AND (?2 OR wish <> 'archived') AND instr(name, ?3) > 0"
        }
    };
    let mut statement = transaction.prepare_cached(count)?;
    Ok(statement.query_row((runtime, filter.archived, &filter.name), |row| row.get(0))?)
}

fn names(transaction: &Transaction, runtime: &str) -> Result<Vec<String>, StoreError> {
    let mut statement =
        transaction.prepare_cached("SELECT name FROM versions WHERE runtime = ?1 ORDER BY created_at DESC LIMIT ?2")?;
    let names = statement.query_map((runtime, MOST_NAMES), |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}
