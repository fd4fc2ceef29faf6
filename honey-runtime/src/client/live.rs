//! Which clients are live, and which of them is the global one.

use super::{Inner, unbound};
use crate::isolate;
use crate::process::PerProcess;
use crate::stats::Stats;
use crate::sync::{Arc, AtomicU64, AtomicUsize, Mutex, Ordering, RwLock, Weak};

/// How many clients are live: all that a call pays while none is.
static LIVE: AtomicUsize = AtomicUsize::new(0);
/// Changes whenever the global client does, so that threads may keep their own reference to it.
static GLOBAL_VERSION: AtomicU64 = AtomicU64::new(1);
/// Changes whenever the global client or any scope does: what a buffer compares that was kept for its thread's next event.
static CHANGES: AtomicU64 = AtomicU64::new(1);
static NEXT_ID: AtomicU64 = AtomicU64::new(1);
static REGISTRY: PerProcess<RwLock<Registry>> = PerProcess::new(RwLock::default);
/// Whose turn it is to change the registry, and then the copy: so that a child process finds one of them as it should be.
static TURN: PerProcess<Mutex<()>> = PerProcess::new(Mutex::default);
static COPY: PerProcess<RwLock<Vec<Known>>> = PerProcess::new(RwLock::default);

/// A live client, and whether it is the global one.
type Known = (Arc<Inner>, bool);

#[derive(Default)]
struct Registry {
    live: Vec<Arc<Inner>>,
    /// Those whose balance somebody may still ask for.
    closed: Vec<(u64, Weak<Inner>)>,
    global: Option<Arc<Inner>>,
    /// The global client that was closed last, for `stats()` after `close`.
    last_global: Option<Arc<Inner>>,
}

/// Whether any client is live.
#[inline]
pub(crate) fn any() -> bool {
    LIVE.load(Ordering::Relaxed) > 0
}

/// How often clients or scopes have changed; never 0.
#[inline]
pub(crate) fn changes() -> u64 {
    CHANGES.load(Ordering::Acquire)
}

/// Lets events look again at their client and its scope. Called after the change.
pub(crate) fn note_change() {
    CHANGES.fetch_add(1, Ordering::SeqCst);
}

fn change_global() {
    GLOBAL_VERSION.fetch_add(1, Ordering::SeqCst);
    note_change();
}

/// Lets events look for a client although there may be none.
pub(super) fn count_one_more() {
    LIVE.fetch_add(1, Ordering::SeqCst);
}

/// Takes that back.
pub(super) fn count_one_less() {
    LIVE.fetch_sub(1, Ordering::SeqCst);
}

/// An id for a new client.
pub(crate) fn next_id() -> u64 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

impl Registry {
    /// The live clients, the global one first.
    fn known(&self) -> Vec<Known> {
        let global = self.global.as_ref().map(|global| global.id);
        let live = self.live.iter();
        let mut known: Vec<_> = live
            .map(|client| (Arc::clone(client), global == Some(client.id)))
            .collect();
        known.sort_by_key(|(_, is_global)| !is_global);
        known
    }
}

/// Changes the registry. What `change` takes out of it comes back, to be dropped outside the locks.
fn change<T>(change: impl FnOnce(&mut Registry) -> T) -> T {
    let _turn = TURN.lock();
    let (result, known) = {
        let mut registry = REGISTRY.write();
        let result = change(&mut registry);
        let known = registry.known();
        (result, known)
    };
    // None of these is the last of its client: that is in the registry still, or in the result.
    *COPY.write() = known;
    result
}

pub(crate) fn enter(client: &Arc<Inner>) {
    change(|registry| registry.live.push(Arc::clone(client)));
    LIVE.fetch_add(1, Ordering::SeqCst);
}

pub(crate) fn leave(id: u64) {
    let left = change(|registry| {
        if registry
            .global
            .as_ref()
            .is_some_and(|global| global.id == id)
        {
            registry.last_global = registry.global.take();
            change_global();
        }
        let place = registry.live.iter().position(|client| client.id == id);
        place.map(|place| {
            let client = registry.live.remove(place);
            registry
                .closed
                .retain(|(_, closed)| closed.strong_count() > 0);
            registry.closed.push((id, Arc::downgrade(&client)));
            client
        })
    });
    if left.is_some() {
        LIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The live client with this id.
pub(crate) fn find(id: u64) -> Option<Arc<Inner>> {
    let registry = REGISTRY.read();
    registry
        .live
        .iter()
        .find(|client| client.id == id)
        .map(Arc::clone)
}

/// Lends the client with this id, live or closed, as long as somebody has it.
#[cold]
pub(crate) fn with_even_closed(id: u64, use_it: impl FnOnce(&Inner)) {
    let client = find(id).or_else(|| {
        let registry = REGISTRY.read();
        let mut closed = registry.closed.iter();
        // No other is looked into: this may be the last reference by the time it is given up.
        closed
            .find(|(known, _)| *known == id)
            .and_then(|(_, closed)| closed.upgrade())
    });
    if let Some(client) = client {
        use_it(&client);
        isolate::discard(client);
    }
}

/// Makes `client` the global one. False: there is one already.
pub(crate) fn set_global(client: &Arc<Inner>) -> bool {
    let forgotten = change(|registry| {
        if registry.global.is_some() {
            return None;
        }
        registry.global = Some(Arc::clone(client));
        change_global();
        Some(registry.last_global.take())
    });
    let Some(forgotten) = forgotten else {
        return false;
    };
    isolate::discard(forgotten);
    unbound::forget();
    true
}

/// The global client, for threads that are past the destruction of their own reference to it.
pub(crate) fn global() -> Option<Arc<Inner>> {
    REGISTRY.read().global.as_ref().map(Arc::clone)
}

/// The global client that was closed last, until there is another.
pub(super) fn last_global() -> Option<Arc<Inner>> {
    REGISTRY.read().last_global.as_ref().map(Arc::clone)
}

/// Whether this is the global client's id.
pub(crate) fn is_global(id: u64) -> bool {
    REGISTRY
        .read()
        .global
        .as_ref()
        .is_some_and(|global| global.id == id)
}

pub(crate) fn has_global() -> bool {
    REGISTRY.read().global.is_some()
}

/// The global client's balance, or the last one's after it was closed.
pub(crate) fn global_stats() -> Stats {
    let global = {
        let registry = REGISTRY.read();
        registry
            .global
            .as_ref()
            .or(registry.last_global.as_ref())
            .map(Arc::clone)
    };
    global.map(|client| client.stats()).unwrap_or_default()
}

/// After a fork: the clients that the parent had, the global one first. None of them is live here. A client that another thread
/// of the parent was making or closing at that moment may or may not be among them.
pub(crate) fn forget_inherited() -> Vec<Known> {
    LIVE.store(0, Ordering::SeqCst);
    unbound::leave_parent();
    REGISTRY
        .inherited()
        .zip(COPY.inherited())
        .and_then(|(registry, copy)| left_behind(registry, copy))
        .unwrap_or_default()
}

/// What is in the one that nobody was changing.
fn left_behind(registry: &RwLock<Registry>, copy: &RwLock<Vec<Known>>) -> Option<Vec<Known>> {
    let known = registry.try_read().map(|registry| registry.known());
    known.or_else(|| copy.try_read().map(|known| known.clone()))
}

/// Lets every thread look again who is global, and what else has changed.
pub(crate) fn look_again() {
    change_global();
}

/// A thread's own reference to the global client, looked up again when it changes.
pub(crate) struct Cached {
    version: u64,
    client: Option<Arc<Inner>>,
}

impl Cached {
    pub(crate) const fn new() -> Self {
        Self {
            version: 0,
            client: None,
        }
    }

    /// The client that is global now.
    #[cold]
    pub(crate) fn fresh() -> Self {
        // The version first: a change in between shows at the next look.
        let version = GLOBAL_VERSION.load(Ordering::Acquire);
        Self {
            version,
            client: global(),
        }
    }

    #[inline]
    pub(crate) fn is_fresh(&self) -> bool {
        GLOBAL_VERSION.load(Ordering::Acquire) == self.version
    }

    #[inline]
    pub(crate) fn get(&self) -> Option<&Arc<Inner>> {
        self.client.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;
    use crate::client::Client;

    /// As a child finds them when its parent forked while a thread was changing the one or the other.
    #[test]
    fn one_of_the_two_can_be_read() {
        let client = Client::new(Config::new("").api_host("").silent()).ok();
        let inner = client.as_ref().and_then(Client::inner).map(Arc::clone);
        let live: Vec<_> = inner.into_iter().collect();
        let (registry, copy) = (
            RwLock::<Registry>::default(),
            RwLock::<Vec<Known>>::default(),
        );
        copy.write()
            .extend(live.iter().map(|one| (Arc::clone(one), false)));
        registry.write().global = live.first().map(Arc::clone);
        registry.write().live = live;
        let is_global = || left_behind(&registry, &copy).map(|known| known[0].1);
        let held = copy.write();
        assert_eq!(is_global(), Some(true));
        drop(held);
        let _held = registry.write();
        assert_eq!(is_global(), Some(false));
    }
}
