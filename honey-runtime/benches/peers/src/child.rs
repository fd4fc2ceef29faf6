//! Measuring in processes of their own, in turns.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::peer::Result;

/// Runs this program with these arguments.
pub(crate) fn run(arguments: &[String]) -> Result<Value> {
    run_command(Command::new(std::env::current_exe()?).args(arguments))
}

/// Runs a program; the last line it prints is its result.
pub(crate) fn run_command(command: &mut Command) -> Result<Value> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    let printed = String::from_utf8(output.stdout)?;
    let line = printed
        .lines()
        .last()
        .ok_or_else(|| format!("{command:?} printed nothing"))?;
    Ok(serde_json::from_str(line)?)
}

/// One result, as a line.
pub(crate) fn print(result: &Value) -> Result<()> {
    writeln!(io::stdout(), "{result}")?;
    io::stdout().flush()?;
    Ok(())
}

/// Tells whoever watches how far it is.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// The middle one; 0 of none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The median of one number of several results.
pub(crate) fn median_of(results: &[Value], key: &str) -> f64 {
    median(results.iter().filter_map(|result| result[key].as_f64()))
}
