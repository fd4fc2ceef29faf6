//! `init_from_env`: a program's first line, without any setting.

use super::{Guard, init};
use crate::config::{Config, Service};
use crate::error::InitError;

/// Makes the global client as the environment says, and says in one line what it does: a key sends to Honeycomb; without one,
/// events are drawn on the terminal. The same as a macro, `honey::init_from_env!()`, also names the service.
///
/// It is [`init`] with [`Config::from_env`] and [`Config::or_terminal`], which has the whole table; with them any setting can be
/// added. The service is called as the environment says, else as the executable. Without a key and without a terminal, in CI for
/// example, nothing is recorded, and the program runs.
///
/// Keep the guard: bound to `_` it closes honey at once.
///
/// # Errors
/// As [`init`], but for a missing key; and when a variable of the environment cannot be read. The text says what to write instead.
///
/// ```
/// # #[honey::event] fn work() {}
/// fn main() -> Result<(), honey::InitError> {
///     let _honey = honey::init_from_env()?;
///     work();
///     Ok(())
/// }
/// ```
pub fn init_from_env() -> Result<Guard, InitError> {
    init(Config::from_env()?.or_terminal())
}

/// [`init_from_env`](fn@crate::init_from_env), and the service is the crate in which this stands: `service.name` and
/// `service.version`, unless the environment says otherwise.
///
/// ```
/// # #[honey::event] fn work() {}
/// fn main() -> Result<(), honey::InitError> {
///     let _honey = honey::init_from_env!()?;
///     work();
///     Ok(())
/// }
/// ```
#[macro_export]
macro_rules! init_from_env {
    () => {
        $crate::__private::init_as($crate::service!())
    };
}

/// What the macro calls.
///
/// # Errors
/// As [`init_from_env`].
pub fn init_as(service: Service) -> Result<Guard, InitError> {
    init(Config::from_env()?.service(service).or_terminal())
}
