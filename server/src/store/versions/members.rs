//! The members of a stored package, in pages.

use app::model::{MembersPage, PackageMember};
use rusqlite::OptionalExtension;

use crate::store::{Store, StoreError};

impl Store {
    /// At most `most` members of a stored package, starting at number `from`. The database splits the list: a package
    /// may have 20,000 members with 9 MB of names.
    pub async fn members(&self, sha256: &str, from: u32, most: u32) -> Result<MembersPage, StoreError> {
        let sha256 = sha256.to_owned();
        self.read(move |_, transaction| {
            let counted = transaction
                .prepare_cached(
                    "SELECT members, (SELECT COUNT(*) FROM json_each(members_json) WHERE NOT (value ->> 'is_folder'))
                     FROM packages WHERE sha256 = ?1",
                )?
                .query_row([&sha256], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((total, files)) = counted else { return Ok(MembersPage::default()) };
            let mut statement = transaction.prepare_cached(
                "SELECT value ->> 'path', value ->> 'is_folder', value ->> 'size'
                 FROM packages, json_each(members_json) WHERE sha256 = ?1 ORDER BY key LIMIT ?2 OFFSET ?3",
            )?;
            let members = statement.query_map((&sha256, most, from), |row| {
                let size: i64 = row.get(2)?;
                Ok(PackageMember { path: row.get(0)?, is_folder: row.get(1)?, size: size.cast_unsigned() })
            })?;
            Ok(MembersPage { members: members.collect::<Result<_, _>>()?, from, total, files })
        })
        .await
    }
}
