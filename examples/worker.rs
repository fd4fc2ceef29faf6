//! A worker: threads take jobs from a queue, each job is a trace, and its parts are done by rayon. An event is current on its own
//! thread only, so whoever hands work to another takes it along. Offline: the traces are drawn on standard output.
//!
//! ```text
//! cargo run --example worker
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use honey::Config;
use honey::transmission::Tree;
use rayon::prelude::*;

const WORKERS: usize = 2;
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// An image to be made in several sizes, and who asked for it.
struct Job {
    image: &'static str,
    widths: Vec<u32>,
    queued_by: honey::EventHandle,
}

/// The trace of whoever queues the jobs; theirs are linked to it, not below it: it is over before they are done.
#[honey::event]
fn queue(jobs: &mpsc::Sender<Job>) {
    for (image, widths) in [
        ("tea.png", vec![200, 400, 800]),
        ("cup.png", vec![400]),
        ("pot.png", vec![200, 0]),
    ] {
        let queued_by = honey::current();
        let job = Job {
            image,
            widths,
            queued_by,
        };
        if jobs.send(job).is_err() {
            honey::current().incr("jobs.refused", 1);
        }
    }
}

/// One job, one trace.
#[honey::event(name = "resize image", root, fields(image = job.image, sizes = job.widths.len()), err)]
fn work_off(job: &Job) -> Result<u64, String> {
    honey::current().add_link(job.queued_by);
    // rayon runs the parts on threads of its own, and on this one.
    let event = honey::current();
    job.widths
        .par_iter()
        .map(|width| honey::scope(event, || resize(*width)))
        .sum()
}

#[honey::event(fields(width), ok(bytes = |bytes| *bytes))]
fn resize(width: u32) -> Result<u64, String> {
    // From a part, too, the job's own event is in reach.
    honey::root().incr("parts", 1);
    honey::in_child_event("encode", || {
        let pixels = (0..width * 100).map(u64::from).sum::<u64>();
        honey::current().add_field("pixels", pixels);
    });
    if width == 0 {
        return Err("an image needs a width".to_owned());
    }
    Ok(u64::from(width) * 3)
}

fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::new("")
        .service(honey::service!())
        .transmission(Tree::stdout());
    let guard = honey::init(config)?;

    let (sender, receiver) = mpsc::channel();
    let jobs = Mutex::new(receiver);
    thread::scope(|threads| {
        for _ in 0..WORKERS {
            threads.spawn(|| {
                loop {
                    let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(job) = job else { break };
                    let _ = work_off(&job);
                }
            });
        }
        queue(&sender);
        drop(sender);
    });

    let report = guard.close(CLOSE_TIMEOUT);
    writeln!(io::stdout(), "\n{report}")?;
    Ok(())
}
