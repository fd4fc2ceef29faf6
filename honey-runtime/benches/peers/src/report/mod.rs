//! Results as Markdown tables and a picture, put between markers of the documents.

mod picture;
mod results;
mod runs;
mod summary;
mod tables;
mod targets;

use std::fs;
use std::path::Path;

use crate::options::Options;
use crate::peer::Result;
use results::Results;

/// Reads the results in a folder, and writes the tables, the picture and the README's lines.
pub(crate) fn write(options: &Options) -> Result<()> {
    let results = Results::read(Path::new(options.text("results")?))?;
    let repository = Path::new(options.text("repository")?);
    let document = tables::document(&results, options.text("machine")?)?;
    between_markers(&repository.join("docs/performance.md"), &document)?;
    fs::write(repository.join("docs/peers.svg"), picture::draw(&results))?;
    between_markers(&repository.join("README.md"), &summary::lines(&results))
}

/// Replaces what a document has between its two markers.
fn between_markers(path: &Path, text: &str) -> Result<()> {
    const BEGIN: &str = "<!-- peers: written by scripts/bench-peers.sh -->";
    const END: &str = "<!-- peers: end -->";
    let document = fs::read_to_string(path)?;
    let parts = document.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) =
        parts.ok_or_else(|| format!("{}: no line `{BEGIN}` and `{END}`", path.display()))?;
    fs::write(
        path,
        format!("{before}{BEGIN}\n{}\n{END}{after}", text.trim()),
    )?;
    Ok(())
}
