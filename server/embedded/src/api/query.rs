//! Query parameters.

use axum::extract::Query;
use axum::http::Uri;

use crate::fields::Manager;
use crate::kinds::Kind;
use crate::selectors::{FieldSelector, LabelSelector, Selection};
use crate::status::ApiError;

/// The parameters, by name.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Parses the text after `?`.
    ///
    /// # Errors
    /// 400 when the query is not URL-encoded.
    pub fn parse(query: &str) -> Result<Params, ApiError> {
        let uri = Uri::try_from(format!("/?{query}")).map_err(|error| ApiError::bad_request(error.to_string()))?;
        let Query(pairs) = Query::try_from_uri(&uri).map_err(|error| ApiError::bad_request(error.to_string()))?;
        Ok(Params { pairs })
    }

    /// The value of a parameter; an empty value counts as missing.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Whether a flag is set.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.get(name), Some("true" | "1"))
    }

    /// The parameter as a number, when present.
    ///
    /// # Errors
    /// 400 for anything that is not a number.
    pub fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.get(name)
            .map(|text| text.parse().map_err(|_| ApiError::bad_request(format!("{name}: {text:?} is not a number"))))
            .transpose()
    }

    /// `resourceVersion` as a number; `None` when it is missing, 0 for "any".
    ///
    /// # Errors
    /// 400 for anything that is not a number.
    pub fn resource_version(&self) -> Result<Option<u64>, ApiError> {
        let Some(text) = self.get("resourceVersion") else { return Ok(None) };
        let wrong = || {
            ApiError::bad_request(format!(
                "resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax"
            ))
        };
        text.parse().map(Some).map_err(|_| wrong())
    }

    /// The label and field selectors for a kind.
    ///
    /// # Errors
    /// 400 when a selector is malformed or the kind does not support one of its fields.
    pub fn selection_of(&self, kind: &Kind) -> Result<Selection, ApiError> {
        let selection = self.selection()?;
        selection.fields.supported_by(kind)?;
        Ok(selection)
    }

    /// The label and field selectors, for any kind.
    ///
    /// # Errors
    /// 400 when a selector is malformed.
    pub fn selection(&self) -> Result<Selection, ApiError> {
        let labels = LabelSelector::parse(self.get("labelSelector").unwrap_or_default())?;
        let fields = FieldSelector::parse(self.get("fieldSelector").unwrap_or_default())?;
        Ok(Selection { labels, fields })
    }

    /// Whether the request is a dry run.
    ///
    /// # Errors
    /// 400 for a value other than `All`.
    pub fn dry_run(&self) -> Result<bool, ApiError> {
        match self.get("dryRun") {
            None => Ok(false),
            Some("All") => Ok(true),
            Some(other) => {
                Err(ApiError::bad_request(format!("dryRun: Unsupported value: \"{other}\": supported values: \"All\"")))
            }
        }
    }

    /// The field manager of the request.
    pub fn manager(&self, agent: &str, subresource: &str) -> Manager {
        let name = self.get("fieldManager").unwrap_or(agent).to_owned();
        Manager { name, subresource: subresource.to_owned() }
    }
}
