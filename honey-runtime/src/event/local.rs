//! What each thread keeps: its open events, buffers for the next ones, its slots, and which client is current.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;

use super::cell::OpenCell;
use super::context::Target;
use super::finish::finish;
use super::handle::EventHandle;
use super::open::OpenEvent;
use super::outside::SpanContext;
use super::random;
use super::stack::{Innermost, Stack};
use crate::client::{Inner, live};
use crate::dispatch::{Dispatch, Slot};
use crate::isolate;
use crate::process::{self, Origin};
use crate::record::FieldBuffer;
use crate::response::Ending;
use crate::sync::Arc;

/// Buffers that a thread keeps for its next events.
const BUFFERS_KEPT: usize = 32;
/// A buffer larger than this is freed rather than kept.
const LARGEST_BUFFER_KEPT_BYTES: usize = 16 * 1024;

/// The state of one thread.
///
/// No reference to a client or scope is given up while something here is borrowed: the last one drops what users put into
/// scopes, and their `Drop` may come back here.
pub(crate) struct Local {
    stage: Cell<Stage>,
    open: RefCell<Stack>,
    /// The handle of what is current: made with an event that is to have fields, else when it is first asked for after a change.
    /// `None`: not made. (A handle of no event refers to a static, which a constant must not do in Rust 1.88 and before.)
    current: Cell<Option<EventHandle>>,
    /// The buffer of the next event, if there is one. The pool has the others.
    next: Cell<Option<Box<OpenEvent>>>,
    /// Boxed, because events move between here, the stack and futures.
    #[expect(clippy::vec_box, reason = "boxes that are used again")]
    pool: RefCell<Vec<Box<OpenEvent>>>,
    aside: RefCell<Vec<FieldBuffer>>,
    slots: RefCell<Vec<Kept>>,
    /// The one of them that was used last.
    slot: Cell<Option<Kept>>,
    global: RefCell<live::Cached>,
    /// `None`: a disabled client, so that there is no current one.
    overrides: RefCell<Vec<Option<Arc<Inner>>>>,
    /// Where all of this is from; `None`: it is new.
    origin: Cell<Option<Origin>>,
    /// The id of the innermost of these; 0: there is none, or it is disabled.
    override_id: Cell<u64>,
    has_override: Cell<bool>,
}

/// A slot with the client it is at.
#[derive(Clone, Copy)]
struct Kept {
    owner: u64,
    slot: &'static Slot,
}

/// How far a thread has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing was kept here yet.
    New,
    Live,
    /// Past its destruction.
    Ended,
}

thread_local! {
    /// Never dropped, so that reaching it costs nothing; `END` empties it.
    static LOCAL: ManuallyDrop<Local> = const {
        ManuallyDrop::new(Local {
            stage: Cell::new(Stage::New),
            open: RefCell::new(Stack::new()),
            current: Cell::new(None),
            next: Cell::new(None),
            pool: RefCell::new(Vec::new()),
            aside: RefCell::new(Vec::new()),
            slots: RefCell::new(Vec::new()),
            slot: Cell::new(None),
            global: RefCell::new(live::Cached::new()),
            overrides: RefCell::new(Vec::new()),
            origin: Cell::new(None),
            override_id: Cell::new(0),
            has_override: Cell::new(false),
        })
    };
    static END: End = const { End };
}

/// Dropped when its thread ends.
struct End;

impl Local {
    /// Runs `use_it` with this thread's state; `None` when the thread is past its destruction.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a call of what is called once costs what is in it"
    )]
    pub(crate) fn with<T>(use_it: impl FnOnce(&Local) -> T) -> Option<T> {
        // `try_with` is inlined, `with` is not.
        let used = LOCAL.try_with(|local| {
            let is_live = local.stage.get() == Stage::Live || local.begin();
            is_live.then(|| use_it(local))
        });
        used.ok().flatten()
    }

    /// The same, also past the destruction: then there is no state to be lent.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `with`")]
    pub(crate) fn perhaps<T>(use_it: impl FnOnce(Option<&Local>) -> T) -> T {
        let used = LOCAL.try_with(|local| {
            let is_live = local.stage.get() == Stage::Live || local.begin();
            use_it(is_live.then_some(&**local))
        });
        match used {
            Ok(used) => used,
            Err(_) => unreachable!("there is nothing to drop, so that it can be reached always"),
        }
    }

    /// The same for what puts nothing here: before and after, there is nothing to be found.
    #[inline]
    pub(crate) fn look<T>(use_it: impl FnOnce(&Local) -> T) -> Option<T> {
        LOCAL.try_with(|local| use_it(local)).ok()
    }

    #[cold]
    fn begin(&self) -> bool {
        if self.stage.get() == Stage::New && END.try_with(|_| ()).is_ok() {
            self.stage.set(Stage::Live);
            // Known before anything is put here, an event that comes from another thread for one: a thread that is new is no child of a
            // fork.
            self.origin.set(Some(Origin::here()));
        }
        self.stage.get() == Stage::Live
    }

    /// The client that free functions act on: the innermost override, else init's.
    pub(crate) fn current_client(&self) -> Option<Arc<Inner>> {
        self.with_current_client(Arc::clone)
    }

    /// Lends the current client, which costs no reference count.
    #[inline]
    pub(crate) fn with_current_client<T>(
        &self,
        use_it: impl FnOnce(&Arc<Inner>) -> T,
    ) -> Option<T> {
        self.refresh();
        if let Some(innermost) = self.overrides.borrow().last() {
            return innermost.as_ref().map(use_it);
        }
        self.global.borrow().get().map(use_it)
    }

    /// Looks whether the global client, or the process, is another than at the last look.
    #[inline]
    pub(crate) fn refresh(&self) {
        if !self.global.borrow().is_fresh() {
            self.look_again();
        }
    }

    #[cold]
    fn look_again(&self) {
        let old = self.global.replace(live::Cached::fresh());
        let here = Some(Origin::here());
        if self.origin.replace(here) == here {
            isolate::discard(old);
        } else {
            // The parent's: with the last reference its locks would be taken.
            std::mem::forget(old);
            self.leave_parent();
        }
    }

    /// After a fork, on the thread that called it: what is here was made in the parent.
    ///
    /// The slots stay: a client that is made again has another owner's number, so that none of them is taken for one of its own. Buffers
    /// and open events let go of the client without a drop, which nothing can show: each of the parent's clients is in its registry too,
    /// unless a thread was changing that at the fork, both of its copies.
    fn leave_parent(&self) {
        random::reseed();
        std::mem::forget((self.next.take(), self.pool.take()));
        for client in self.overrides.borrow_mut().iter_mut().flatten() {
            let successor = Arc::clone(client.here());
            std::mem::forget(std::mem::replace(client, successor));
        }
        for event in self.open.borrow_mut().open_mut() {
            // The parent ends it too.
            std::mem::forget(event.client.take());
        }
    }

    /// Lends the innermost override, else the client with this id, else init's.
    #[inline]
    pub(crate) fn with_client_for<T>(
        &self,
        wanted: Option<u64>,
        use_it: impl FnOnce(&Arc<Inner>) -> T,
    ) -> Option<T> {
        self.refresh();
        if let Some(innermost) = self.overrides.borrow().last() {
            return innermost.as_ref().map(use_it);
        }
        let global = self.global.borrow();
        match (global.get(), wanted) {
            (Some(client), None) => Some(use_it(client)),
            (Some(client), Some(id)) if client.id == id => Some(use_it(client)),
            (_, Some(id)) => live::find(id).as_ref().map(use_it),
            (None, None) => None,
        }
    }

    /// Whether a `with_client` says which client is current, be it a disabled one.
    #[inline]
    pub(crate) fn has_override(&self) -> bool {
        self.has_override.get()
    }

    pub(crate) fn push_override(&self, client: Option<Arc<Inner>>) {
        self.override_id
            .set(client.as_ref().map_or(0, |client| client.id));
        self.has_override.set(true);
        self.overrides.borrow_mut().push(client);
        self.forget_current();
    }

    pub(crate) fn pop_override(&self) {
        // Bound first: nothing of a user's drops while the list is borrowed.
        let popped = {
            let mut overrides = self.overrides.borrow_mut();
            let popped = overrides.pop();
            let innermost = overrides.last().and_then(Option::as_ref);
            self.override_id
                .set(innermost.map_or(0, |client| client.id));
            self.has_override.set(!overrides.is_empty());
            popped
        };
        self.forget_current();
        isolate::discard(popped);
    }

    /// Gives the buffer of a new event its client, with that client's scope as it is now: the innermost override, else the client
    /// with this id, else init's. False: there is none.
    #[inline]
    pub(crate) fn furnish(&self, event: &mut OpenEvent, wanted: Option<u64>) -> bool {
        let is_furnished = event.seen == live::changes()
            && !self.has_override()
            && wanted.is_none_or(|id| id == event.client_id);
        is_furnished || self.furnish_anew(event, wanted)
    }

    #[inline(never)]
    fn furnish_anew(&self, event: &mut OpenEvent, wanted: Option<u64>) -> bool {
        // First: a change in between shows at the next look.
        let changes = live::changes();
        let displaced = self.with_client_for(wanted, |client| event.give_to(client));
        let global = self.global.borrow();
        let is_global = global
            .get()
            .is_some_and(|client| client.id == event.client_id);
        if is_global && !self.has_override() {
            event.seen = changes;
        }
        drop(global);
        displaced.is_some()
    }

    /// A buffer for a new event.
    #[inline]
    pub(crate) fn buffer(&self) -> Box<OpenEvent> {
        self.next.take().unwrap_or_else(|| self.other_buffer())
    }

    #[inline(never)]
    fn other_buffer(&self) -> Box<OpenEvent> {
        let pooled = self.pool.borrow_mut().pop();
        pooled.unwrap_or_else(OpenEvent::new)
    }

    /// Takes a buffer back.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `with`")]
    pub(crate) fn keep(&self, mut event: Box<OpenEvent>) {
        event.reset();
        if event.seen != live::changes() {
            event.leave_closed_client();
        }
        if event.fields.capacity_bytes() <= LARGEST_BUFFER_KEPT_BYTES {
            if let Some(other) = self.next.replace(Some(event)) {
                self.keep_too(other);
            }
        }
    }

    #[inline(never)]
    fn keep_too(&self, event: Box<OpenEvent>) {
        let mut pool = self.pool.borrow_mut();
        if pool.len() < BUFFERS_KEPT {
            pool.push(event);
        }
    }

    /// This thread's slot at a client.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `with`")]
    pub(crate) fn slot(&self, dispatch: &Dispatch) -> Option<&'static Slot> {
        match self.slot.get() {
            Some(kept) if kept.owner == dispatch.owner() => Some(kept.slot),
            _ => self.other_slot(dispatch),
        }
    }

    #[cold]
    fn other_slot(&self, dispatch: &Dispatch) -> Option<&'static Slot> {
        let owner = dispatch.owner();
        let known = self.known_slot(owner);
        // Nothing is borrowed: this may find that there was a fork.
        let slot = known.or_else(|| dispatch.attach())?;
        let kept = Kept { owner, slot };
        if known.is_none() {
            let mut slots = self.slots.borrow_mut();
            // Those of closed clients have gone to others.
            slots.retain(|kept| kept.slot.is_owned_by(kept.owner));
            slots.push(kept);
        }
        self.slot.set(Some(kept));
        Some(slot)
    }

    /// A slot that is there already.
    fn known_slot(&self, owner: u64) -> Option<&'static Slot> {
        let slots = self.slots.borrow();
        let known = slots.iter().find(|kept| kept.owner == owner);
        known.map(|kept| kept.slot)
    }

    /// Makes an event the innermost open one of this thread.
    #[inline]
    pub(crate) fn push(&self, event: Box<OpenEvent>) {
        if event.is_sampled {
            let handle = self.handle_of(Innermost::Event(&event.target));
            self.current.set(Some(handle));
        } else {
            self.forget_current();
        }
        self.open.borrow_mut().push(event);
    }

    /// What [`current`](super::current) gives out.
    #[inline]
    pub(crate) fn current(&self) -> EventHandle {
        // Not handed back by it: a handle that is used at once is then never made as a whole.
        if self.current.get().is_none() {
            self.note_current();
        }
        self.current.get().unwrap_or(EventHandle::none())
    }

    /// After a change of what is current, or of what its handle says.
    #[inline]
    pub(crate) fn forget_current(&self) {
        self.current.set(None);
    }

    #[inline(never)]
    fn note_current(&self) {
        // Not to panic where a panic hook comes by while it is borrowed.
        if let Ok(open) = self.open.try_borrow() {
            self.current.set(Some(self.handle_of(open.innermost())));
        }
    }

    #[inline]
    fn handle_of(&self, innermost: Innermost<'_>) -> EventHandle {
        let over = self.override_id.get();
        match innermost {
            Innermost::Event(target) if over == 0 => {
                EventHandle::going_to(*target, target.context.client)
            }
            Innermost::Event(target) => EventHandle::going_to(*target, over),
            // The client goes where the handle goes, also without an event.
            Innermost::None | Innermost::Outside(_) => {
                EventHandle::going_to(Target::nowhere(), over)
            }
        }
    }

    /// Makes an event that is open elsewhere the current one.
    pub(crate) fn adopt(&self, target: Target) {
        self.open.borrow_mut().adopt(target);
        self.forget_current();
    }

    /// Makes an event of another process the current one.
    pub(crate) fn adopt_outside(&self, context: &SpanContext) {
        self.open.borrow_mut().adopt_outside(context);
        self.forget_current();
    }

    /// Ends the innermost adoption of that event of another process.
    pub(crate) fn abandon_outside(&self, context: &SpanContext) {
        self.open.borrow_mut().abandon_outside(context);
        self.forget_current();
    }

    /// Ends the innermost adoption of that event.
    pub(crate) fn abandon(&self, target: &Target) {
        self.open.borrow_mut().abandon(target);
        self.forget_current();
    }

    /// Takes an event off the stack, wherever it is: guards may be dropped in any order.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `with`")]
    pub(crate) fn take(&self, cell: &'static OpenCell, generation: u64) -> Option<Box<OpenEvent>> {
        let mut open = self.open.borrow_mut();
        let Some(event) = open.pop(cell, generation) else {
            return open.remove(cell, generation);
        };
        self.forget_current();
        Some(event)
    }

    /// Lends what is current: an event, or one of another process.
    #[inline]
    pub(crate) fn with_innermost<T>(&self, use_it: impl FnOnce(Innermost<'_>) -> T) -> T {
        use_it(self.open.borrow().innermost())
    }

    /// Lends an event if it is the innermost one that is open on this thread. `use_it` runs no user code. False: it is not, or
    /// `use_it` says so.
    #[inline]
    pub(crate) fn with_top(
        &self,
        cell: &'static OpenCell,
        generation: u64,
        use_it: impl FnOnce(&mut OpenEvent) -> bool,
    ) -> bool {
        // Never borrowed at this moment; not to panic keeps what is made of this small.
        let Ok(mut open) = self.open.try_borrow_mut() else {
            return false;
        };
        open.top_mut(cell, generation).is_some_and(use_it)
    }

    /// Lends an event that is open on this thread. `use_it` runs no user code.
    #[inline]
    pub(crate) fn with_open<T>(
        &self,
        cell: &'static OpenCell,
        generation: u64,
        use_it: impl FnOnce(&mut OpenEvent) -> T,
    ) -> Option<T> {
        self.open
            .borrow_mut()
            .find_mut(cell, generation)
            .map(use_it)
    }

    /// An empty buffer that no user code can reach.
    pub(crate) fn take_aside(&self) -> FieldBuffer {
        self.aside.borrow_mut().pop().unwrap_or_default()
    }

    /// Takes such a buffer back.
    pub(crate) fn keep_aside(&self, mut buffer: FieldBuffer) {
        if buffer.capacity_bytes() <= LARGEST_BUFFER_KEPT_BYTES {
            buffer.clear();
            self.aside.borrow_mut().push(buffer);
        }
    }
}

/// The thread ends. What is open on it ends as cancelled: its guards are gone, or will find nothing. What it left in its slots is
/// collected, and the slots go to others.
impl Drop for End {
    fn drop(&mut self) {
        let _ = LOCAL.try_with(|local| local.end());
    }
}

impl Local {
    /// Ends what is open here, the innermost first. Guards that drop afterwards find nothing.
    pub(super) fn end_open(&self, ending: Ending) {
        let open = self.open.take();
        self.forget_current();
        for mut event in open.into_open().rev() {
            event.end_as(ending);
            finish(event);
        }
    }

    /// Whether nothing here is in use: a panic hook may run at any place.
    pub(super) fn is_at_rest(&self) -> bool {
        self.open.try_borrow_mut().is_ok()
            && self.pool.try_borrow_mut().is_ok()
            && self.aside.try_borrow_mut().is_ok()
            && self.slots.try_borrow_mut().is_ok()
            && self.global.try_borrow_mut().is_ok()
            && self.overrides.try_borrow_mut().is_ok()
    }

    fn end(&self) {
        if process::has_forked() {
            // A child that has not begun anew, and will not: it ends.
            return std::mem::forget((
                self.open.take(),
                self.next.take(),
                self.pool.take(),
                self.slots.take(),
                self.global.replace(live::Cached::new()),
                self.overrides.take(),
            ));
        }
        self.end_open(Ending::Cancelled);
        self.stage.set(Stage::Ended);
        self.slot.set(None);
        for kept in self.slots.take() {
            kept.slot.orphan_of(kept.owner);
        }
        self.override_id.set(0);
        self.has_override.set(false);
        self.forget_current();
        isolate::discard((
            self.global.replace(live::Cached::new()),
            self.overrides.take(),
            self.next.take(),
            self.pool.take(),
            self.aside.take(),
        ));
    }
}

#[cfg(all(test, not(honey_model)))]
mod tests;
