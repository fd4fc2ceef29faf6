//! Each key once: which of an event's fields go out, and under which name.

use super::key_table::{self, KeyTable};
use super::reserved;
use crate::record::{EventView, Scalar};

/// A field that goes out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    from_scope: bool,
    index: u32,
    is_renamed: bool,
}

impl Choice {
    /// What its key gets in front.
    pub(super) fn prefix(self) -> &'static str {
        if self.is_renamed {
            reserved::RENAMED_PREFIX
        } else {
            ""
        }
    }

    pub(super) fn is_renamed(self) -> bool {
        self.is_renamed
    }

    /// Its key without the prefix, its value, and the text both refer to.
    pub(super) fn field<'a>(self, event: &EventView<'a>) -> (&'a str, Scalar, &'a str) {
        let snapshot: &'a crate::record::Snapshot = event.snapshot;
        let view = if self.from_scope {
            snapshot.fields.view()
        } else {
            event.fields
        };
        let field = &view.fields[self.index as usize];
        (field.key.of(view.text), field.value, view.text)
    }

    fn has_name_of(self, event: &EventView<'_>, other: Choice) -> bool {
        let (one, ..) = self.field(event);
        let (two, ..) = other.field(event);
        match (self.is_renamed, other.is_renamed) {
            (true, false) => two.strip_prefix(reserved::RENAMED_PREFIX) == Some(one),
            (false, true) => one.strip_prefix(reserved::RENAMED_PREFIX) == Some(two),
            _ => one == two,
        }
    }
}

/// Finds each key's last value, in time linear in the number of fields whatever the keys are.
#[derive(Default)]
pub(super) struct Keys {
    choices: Vec<Choice>,
    /// Of places in `choices`.
    table: KeyTable,
}

impl Keys {
    /// The fields that go out: the scope's, then the event's own, a later one in the place of an earlier one of its name.
    /// At most `most`; says how many were left out.
    pub(super) fn choose(&mut self, event: &EventView<'_>, most: usize) -> usize {
        let scope_fields = event.snapshot.fields.len();
        let all = scope_fields + event.fields.fields.len();
        self.choices.clear();
        self.table.clear_for(all);
        let taken = reserved::Taken::by(event);
        let mut left_out = 0;
        for place in 0..all {
            let from_scope = place < scope_fields;
            let index = if from_scope {
                place
            } else {
                place - scope_fields
            };
            let mut choice = Choice {
                from_scope,
                index: u32::try_from(index).unwrap_or(u32::MAX),
                is_renamed: false,
            };
            let (key, ..) = choice.field(event);
            choice.is_renamed = taken.has(key);
            left_out += usize::from(!self.put(event, choice, most));
        }
        left_out
    }

    /// The fields that were chosen last.
    pub(super) fn chosen(&self) -> &[Choice] {
        &self.choices
    }

    fn put(&mut self, event: &EventView<'_>, choice: Choice, most: usize) -> bool {
        let Self { choices, table } = self;
        let (key, ..) = choice.field(event);
        let is_same = |place: usize| choices[place].has_name_of(event, choice);
        let (found, free) = table.find(choice.prefix(), key, is_same);
        if let Some(place) = found {
            choices[place] = choice;
            return true;
        }
        if choices.len() >= most {
            return false;
        }
        *free = key_table::entry(choices.len());
        choices.push(choice);
        true
    }
}
