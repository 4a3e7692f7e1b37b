//! The configuration tab.

use app::error::{Error, ErrorKind};
use app::model::{Caller, Configuration, ConfigurationEntry, ConfigurationKind};
use krt::roles::{Permission, may};

use super::caller::authorise;
use super::{Inner, errors, versions};
use crate::store::{SetConfigurationError, configuration_locked};

/// Bytes that all names and values of a version may have together: a Kubernetes Secret ends at 1 MiB, in base64 and
/// with what else is in it.
pub const CONFIGURATION_LIMIT: usize = 900 * 1024;

pub(super) async fn get(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
) -> Result<Configuration, Error> {
    let (_, version) = versions::find(console, caller, runtime, version).await?;
    let values = console.store.configuration_values(&version.uid).await.map_err(errors::store)?;
    let may_read_values = may(caller.role, Permission::ReadConfigurationValues);
    let declared = &version.manifest.config;
    let variables = declared.variables.iter().map(|name| (name, ConfigurationKind::Variable));
    let files = declared.files.iter().map(|name| (name, ConfigurationKind::File));
    let entries = variables.chain(files).map(|(name, kind)| {
        let set = values.iter().find(|value| value.name == *name);
        ConfigurationEntry {
            name: name.clone(),
            kind,
            is_set: set.is_some(),
            value: set.filter(|_| may_read_values).map(|value| value.value.clone()),
        }
    });
    let locked = match authorise(caller, Permission::WriteConfigurationValues) {
        Ok(()) => configuration_locked(version.status()).map(str::to_owned),
        Err(error) => Some(error.message),
    };
    Ok(Configuration { entries: entries.collect(), locked })
}

pub(super) async fn set(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
    values: Vec<(String, String)>,
) -> Result<(), Error> {
    authorise(caller, Permission::WriteConfigurationValues)?;
    let (_, version) = versions::find(console, caller, runtime, version).await?;
    if let Some((name, _)) = values.iter().find(|(_, value)| value.contains('\0')) {
        let fault = "It contains a NUL character, which no variable can hold.";
        return Err(Error::new(ErrorKind::Invalid, format!("{name} was not set. {fault}")).with_field(name, fault));
    }
    let set = console.store.set_configuration(caller, &version.uid, values, CONFIGURATION_LIMIT).await;
    set.map_err(|error| match error {
        SetConfigurationError::NotFound => errors::no_version(runtime, &version.name),
        SetConfigurationError::Locked(why) => Error::new(ErrorKind::Conflict, why),
        SetConfigurationError::Undeclared(name) => {
            let fault = format!("The manifest of {} declares no {name}.", version.name);
            Error::new(ErrorKind::Invalid, fault.clone()).with_field(&name, fault)
        }
        SetConfigurationError::TooLarge { size, limit } => Error::new(
            ErrorKind::Invalid,
            format!(
                "All values together would have {}; at most {} are possible, since Kubernetes keeps them in Secrets.",
                errors::size(size as u64),
                errors::size(limit as u64)
            ),
        ),
        SetConfigurationError::Store(error) => errors::store(error),
    })
}
