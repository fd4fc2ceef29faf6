//! Where each event of a trace stands: under its parent, or at the top.

use std::collections::HashMap;

use super::Drawable;

/// Beyond this depth lines are no longer moved to the right; a chain of a hundred thousand stays printable.
const MAX_DEPTH: usize = 40;

/// How an event came to stand where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// No parent: a root, or an event of no trace.
    Top,
    /// Under its parent.
    Child,
    /// Its parent is not here.
    Orphan,
    /// Its ancestors lead back to itself.
    Cycle,
}

/// An event with its place.
pub(super) struct Placed<'a> {
    pub(super) event: &'a dyn Drawable,
    pub(super) parent: Option<&'a dyn Drawable>,
    /// The lines to the left of its name.
    pub(super) branch: String,
    pub(super) standing: Standing,
    /// Another event before it has the same span id.
    pub(super) duplicate: bool,
}

/// Puts events in the order they are drawn in: siblings by start, each followed by its descendants.
pub(super) fn place<'a>(events: &[&'a dyn Drawable]) -> Vec<Placed<'a>> {
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|&index| events[index].time_ns());

    let mut by_id = HashMap::new();
    for &index in &order {
        if let Some(id) = events[index].span_id() {
            by_id.entry(id).or_insert(index);
        }
    }
    let mut children = vec![Vec::new(); events.len()];
    let (mut roots, mut orphans) = (Vec::new(), Vec::new());
    for &index in &order {
        let event = events[index];
        match event
            .trace_id()
            .and(event.parent_id())
            .map(|id| by_id.get(id))
        {
            None => roots.push(index),
            Some(None) => orphans.push(index),
            Some(Some(&parent)) => children[parent].push(index),
        }
    }

    let first = |index: usize| {
        events[index]
            .span_id()
            .is_none_or(|id| by_id.get(id) == Some(&index))
    };
    let mut walk = Walk {
        events,
        children: &children,
        seen: vec![false; events.len()],
        placed: Vec::new(),
    };
    for index in roots {
        walk.from(index, Standing::Top, &first);
    }
    for index in orphans {
        walk.from(index, Standing::Orphan, &first);
    }
    // What no root or orphan leads to hangs on a cycle.
    for index in order {
        walk.from(index, Standing::Cycle, &first);
    }
    walk.placed
}

struct Walk<'a, 'b> {
    events: &'b [&'a dyn Drawable],
    children: &'b [Vec<usize>],
    seen: Vec<bool>,
    placed: Vec<Placed<'a>>,
}

struct Step {
    index: usize,
    parent: Option<usize>,
    standing: Standing,
    depth: usize,
    branch: String,
    below: String,
}

impl Walk<'_, '_> {
    /// Places an event and all below it, with a stack of its own: depth is up to whoever sent the events.
    fn from(&mut self, index: usize, standing: Standing, first: &impl Fn(usize) -> bool) {
        let top = Step {
            index,
            parent: None,
            standing,
            depth: 0,
            branch: String::new(),
            below: String::new(),
        };
        let mut stack = vec![top];
        while let Some(step) = stack.pop() {
            if std::mem::replace(&mut self.seen[step.index], true) {
                continue;
            }
            self.placed.push(Placed {
                event: self.events[step.index],
                parent: step.parent.map(|parent| self.events[parent]),
                branch: step.branch,
                standing: step.standing,
                duplicate: !first(step.index),
            });
            let children: Vec<_> = self.children[step.index]
                .iter()
                .copied()
                .filter(|&child| !self.seen[child])
                .collect();
            for (place, &child) in children.iter().rev().enumerate() {
                let last = place == 0;
                let (branch, below) = branches(&step.below, step.depth, last);
                let parent = Some(step.index);
                stack.push(Step {
                    index: child,
                    parent,
                    standing: Standing::Child,
                    depth: step.depth + 1,
                    branch,
                    below,
                });
            }
        }
    }
}

/// The lines left of a child, and left of what is below it.
fn branches(above: &str, depth: usize, last: bool) -> (String, String) {
    if depth >= MAX_DEPTH {
        return (format!("{above}⋯ "), above.to_owned());
    }
    let (own, below) = if last {
        ("└─ ", "   ")
    } else {
        ("├─ ", "│  ")
    };
    (format!("{above}{own}"), format!("{above}{below}"))
}
