//! Reads and writes the configuration of a version.

use app::api::Configurations;
use app::budget::{fair_share, weight};
use app::error::{Error, ErrorKind};
use app::model::{Caller, Configuration, ConfigurationEntry, ConfigurationKind};
use async_trait::async_trait;
use krt::lifecycle::configuration_locked;
use krt::roles::{Permission, may};

use super::caller::authorize;
use super::{Console, errors, versions};
use crate::store::SetConfigurationError;

/// Maximum bytes of all names and values of a version together: a Kubernetes Secret is limited to 1 MiB, including
/// base64 and metadata.
pub const CONFIGURATION_LIMIT: usize = 900 * 1024;

/// Maximum number of variables and files on one page.
const ENTRIES: usize = 50;

/// Maximum weight of all values on a page.
const VALUES: usize = 300_000;

#[async_trait]
impl Configurations for Console {
    async fn get_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<Configuration, Error> {
        let (_, version) = versions::find(&self.0, caller, runtime, version).await?;
        let values = self.0.store.configuration_values(&version.uid).await.map_err(errors::store)?;
        let may_read_values = may(caller.role, Permission::ReadConfigurationValues);
        let declared = &version.manifest.config;
        let variables = declared.variables.iter().map(|name| (name.as_str(), ConfigurationKind::Variable));
        let files = declared.files.iter().map(|name| (name.as_str(), ConfigurationKind::File));
        let page = variables.chain(files).skip(from as usize).take(ENTRIES).map(|(name, kind)| {
            let set = values.iter().find(|value| value.name == name);
            (name, kind, set)
        });
        let page: Vec<_> = page.collect();
        let share = fair_share(page.iter().flat_map(|(.., set)| set).map(|set| weight(&set.value)), VALUES);
        let entries = page.into_iter().map(|(name, kind, set)| {
            let readable = set.filter(|_| may_read_values);
            // A value is shown in full or not at all, because the form saves what it shows.
            let too_long = readable.filter(|set| weight(&set.value) > share);
            ConfigurationEntry {
                name: name.to_owned(),
                kind,
                is_set: set.is_some(),
                value: readable.filter(|_| too_long.is_none()).map(|set| set.value.clone()),
                too_long: too_long.map(|set| u32::try_from(set.value.len()).unwrap_or(u32::MAX)),
            }
        });
        let locked = match authorize(caller, Permission::WriteConfigurationValues) {
            Ok(()) => configuration_locked(version.status()).map(str::to_owned),
            Err(error) => Some(error.message),
        };
        let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Configuration {
            entries: entries.collect(),
            locked,
            total: count(declared.variables.len() + declared.files.len()),
            missing: count(version.missing_configuration.len()),
            from,
        })
    }

    async fn get_value(&self, caller: &Caller, runtime: &str, version: &str, name: &str) -> Result<String, Error> {
        authorize(caller, Permission::ReadConfigurationValues)?;
        let (_, version) = versions::find(&self.0, caller, runtime, version).await?;
        let values = self.0.store.configuration_values(&version.uid).await.map_err(errors::store)?;
        let found = values.into_iter().find(|value| value.name == name).map(|found| found.value);
        found.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("Version {} has no value with this name.", version.name))
        })
    }

    async fn set_configuration(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        values: Vec<(String, String)>,
    ) -> Result<(), Error> {
        authorize(caller, Permission::WriteConfigurationValues)?;
        let (_, version) = versions::find(&self.0, caller, runtime, version).await?;
        if let Some((name, _)) = values.iter().find(|(_, value)| value.contains('\0')) {
            let fault = "Values cannot contain NUL characters.";
            return Err(Error::new(ErrorKind::Invalid, format!("{name} was not set. {fault}")).with_field(name, fault));
        }
        let set = self.0.store.set_configuration(caller, &version.uid, values, CONFIGURATION_LIMIT).await;
        set.map_err(|error| match error {
            SetConfigurationError::NotFound => errors::no_version(runtime, &version.name),
            SetConfigurationError::Locked(why) => Error::new(ErrorKind::Conflict, why),
            SetConfigurationError::Undeclared(name) => {
                let fault = format!("The manifest of {} does not declare {name}.", version.name);
                Error::new(ErrorKind::Invalid, fault.clone()).with_field(&name, fault)
            }
            SetConfigurationError::TooLarge { size, limit } => Error::new(
                ErrorKind::Invalid,
                format!(
                    "All values together: {}; the limit is {}, because Kubernetes stores them in Secrets. Shorten some values.",
                    app::labels::size(size as u64),
                    app::labels::size(limit as u64)
                ),
            ),
            SetConfigurationError::Store(error) => errors::store(error),
        })
    }
}
