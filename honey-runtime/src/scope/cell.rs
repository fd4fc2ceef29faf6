//! A scope that many threads read and few change: a snapshot behind a version.

use std::sync::OnceLock;

use serde::Serialize;

use crate::client::live;
use crate::fields::{FieldSink, HoneyFields, put_json};
use crate::isolate;
use crate::process::{Origin, PID_FIELD};
use crate::record::{FieldBuffer, Scalar, Shape, Snapshot};
use crate::sync::{Arc, AtomicU64, Mutex, Ordering};
use crate::value::{Key, ToField, Trouble};

/// A changeable scope. Events compare its version and take the snapshot only when it has changed.
pub(crate) struct ScopeCell {
    version: AtomicU64,
    snapshot: Mutex<Arc<Snapshot>>,
    origin: Origin,
    /// The number of the process that made it.
    pid: u32,
}

impl ScopeCell {
    pub(crate) fn new(snapshot: Snapshot) -> Self {
        Self {
            version: AtomicU64::new(1),
            snapshot: Mutex::new(Arc::new(snapshot)),
            origin: Origin::here(),
            pid: std::process::id(),
        }
    }

    /// The number of the process that made it.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Never 0.
    #[inline]
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        match self.origin.lock(&self.snapshot) {
            Some(snapshot) => Arc::clone(&snapshot),
            // Of a client that is forgotten: its events go nowhere.
            None => Arc::default(),
        }
    }

    /// Changes the scope for the events that begin from now on.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Snapshot)) {
        let Some(mut snapshot) = self.origin.lock(&self.snapshot) else {
            return;
        };
        change(writable(&mut snapshot));
        self.version.fetch_add(1, Ordering::Release);
        live::note_change();
    }

    /// In a child process: takes over what was added to the scope of the parent's client, unless somebody was adding to it at the
    /// fork. Functions that were registered in the program stay as they are here, for they may remember what was true of the
    /// parent.
    pub(crate) fn inherit(&self, parents: &Self) {
        let Some(mut inherited) = parents
            .snapshot
            .try_lock()
            .map(|kept| Snapshot::clone(&kept))
        else {
            return;
        };
        self.change(|scope| {
            let added = inherited.dynamic.drain(..).skip(scope.dynamic.len());
            scope.dynamic.extend(added);
            inherited.dynamic = std::mem::take(&mut scope.dynamic);
            inherited.encoded = OnceLock::new();
            inherited.renew_pid(parents.pid, self.pid);
            *scope = inherited;
        });
    }
}

/// The snapshot to be changed: copied first when events have it, and without what was made from its fields.
pub(crate) fn writable(snapshot: &mut Arc<Snapshot>) -> &mut Snapshot {
    let snapshot = Arc::make_mut(snapshot);
    snapshot.encoded = OnceLock::new();
    snapshot
}

impl Snapshot {
    /// Adds fields that were recorded by [`recorded`], in the place of earlier values.
    pub(crate) fn append(&mut self, fields: &FieldBuffer) {
        self.fields.replace_with(fields.view());
    }

    /// In a child process: where it says that it is the parent, it is this one.
    pub(super) fn renew_pid(&mut self, parent: u32, child: u32) {
        if let Some(Scalar::U64(pid)) = self.fields.last_mut(PID_FIELD) {
            if *pid == u64::from(parent) {
                *pid = child.into();
            }
        }
    }
}

/// Runs `record` outside every lock, since it is user code.
pub(crate) fn recorded(record: impl FnOnce(&mut FieldSink<'_>)) -> (FieldBuffer, Trouble) {
    let mut buffer = FieldBuffer::new();
    let mut trouble = Trouble::default();
    if isolate::run(|| record(&mut FieldSink::new(&mut buffer, &mut trouble))).is_none() {
        trouble.user_panics += 1;
    }
    (buffer, trouble)
}

/// One field, recorded aside.
pub(crate) fn one_field(key: &Key, value: &impl ToField) -> (FieldBuffer, Trouble) {
    recorded(|out| out.put_key(key, value.to_field()))
}

/// Many fields, recorded aside.
pub(crate) fn many_fields(fields: &impl HoneyFields) -> (FieldBuffer, Trouble) {
    recorded(|out| fields.record(out))
}

/// A serializable value's fields, recorded aside as events of this shape have them.
pub(crate) fn json_fields(
    value: &(impl Serialize + ?Sized),
    shape: Shape,
) -> (FieldBuffer, Trouble) {
    recorded(|out| put_json(out, value, shape.flatten_depth))
}
