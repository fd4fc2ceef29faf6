//! What `stats()` says of one kind of trouble.

use std::time::Instant;

use super::DiagnosticKind;

/// One kind of trouble that a client had: see [`Stats::diagnostics`](crate::Stats::diagnostics).
///
/// ```
/// for trouble in honey::stats().diagnostics {
///     println!("{} times {}: {}", trouble.times, trouble.kind.as_str(), trouble.text);
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Which kind.
    pub kind: DiagnosticKind,
    /// How often it happened. What counts once depends on the kind: a refused request, a lost event, a field.
    pub times: u64,
    /// When it happened last.
    pub last: Instant,
    /// Cause and advice, as they were said last, or would have been without [`Config::silent`](crate::Config::silent): at most a
    /// minute before [`last`](Diagnostic::last).
    pub text: String,
}
