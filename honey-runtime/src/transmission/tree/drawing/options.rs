//! How a tree is drawn.

/// Whether to use colour.
///
/// ```
/// use honey::transmission::{Color, Tree};
///
/// // Into a file that a pager shows, with `less -R`.
/// let file = std::io::sink();
/// let tree = Tree::new(file).options(|options| options.color(Color::Always));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// With ANSI escapes.
    Always,
    /// Plain text.
    #[default]
    Never,
}

/// How trees are drawn.
///
/// ```
/// use honey::transmission::Tree;
///
/// let tree = Tree::stderr().options(|options| options.fields(["user.id", "db.response.returned_rows"]).offsets(true));
/// let config = honey::Config::new("").service_name("shop").transmission(tree);
/// # drop(config);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct TreeOptions {
    pub(super) fields: Option<Vec<String>>,
    pub(super) offsets: bool,
    pub(super) color: Color,
}

impl TreeOptions {
    /// The fields to show on each line, in this order. By default up to five of an event's own, without those that
    /// its parent has just the same; what a protocol says of every message (`http.…`, `server.…`) comes after the program's own.
    pub fn fields<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.fields = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Whether to show when each event started, counted from the first of its trace; default no.
    pub fn offsets(mut self, shown: bool) -> Self {
        self.offsets = shown;
        self
    }

    /// Whether to use colour; default never.
    pub fn color(mut self, color: Color) -> Self {
        self.color = color;
        self
    }
}
