//! The audit log: its entries, cut to what fits on a page.

use app::api::Activity;
use app::budget::cut;
use app::error::Error;
use app::model::{ActivityFilter, ActivityPage, Caller};
use async_trait::async_trait;

use super::caller::may_read_activity;
use super::{Console, errors};

/// Maximum characters of a reason: 500 for people; reasons of the system can be longer.
const LONGEST_REASON: usize = 600;

/// Maximum choices that a filter offers; other values can be entered in the URL.
const MOST_CHOICES: usize = 500;

#[async_trait]
impl Activity for Console {
    async fn list_activity(&self, caller: &Caller, filter: ActivityFilter) -> Result<ActivityPage, Error> {
        may_read_activity(caller)?;
        let page = self.0.store.activity(caller, filter).await.map_err(errors::store)?;
        Ok(bounded(page))
    }
}

fn bounded(mut page: ActivityPage) -> ActivityPage {
    for entry in &mut page.entries {
        entry.reason = cut(std::mem::take(&mut entry.reason), LONGEST_REASON);
    }
    for choices in [&mut page.people, &mut page.kinds, &mut page.runtimes] {
        choices.truncate(MOST_CHOICES);
    }
    page
}
