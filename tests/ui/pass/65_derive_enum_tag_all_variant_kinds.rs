#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "snake_case", prefix = "job.")]
enum Job<T> {
    NotStarted,
    Running {
        since: T,
        #[honey(skip)]
        worker: u32,
    },
    #[honey(rename = "gone", rename_all = "camelCase")]
    Ended(#[honey(rename = "code")] i32, #[honey(flatten, prefix = "last.")] Option<Last>),
}

#[derive(HoneyFields)]
#[honey(untagged, rename_all_fields = "UPPERCASE")]
enum Last {
    Seen { at: u32 },
    Never,
}

#[derive(HoneyFields)]
#[honey(untagged)]
enum Nothing {}

#[honey::event(fields(..job))]
fn run(job: &Job<u32>) -> u32 {
    match job {
        Job::NotStarted => 0,
        Job::Running { since, worker } => since + worker,
        Job::Ended(..) => 1,
    }
}

fn main() {
    fn has_fields<T: HoneyFields>() {}
    has_fields::<Nothing>();
    let last = [Some(Last::Seen { at: 1 }), Some(Last::Never), None];
    assert_eq!(run(&Job::NotStarted) + run(&Job::Running { since: 1, worker: 2 }), 3);
    for last in last {
        assert_eq!(run(&Job::Ended(1, last)), 1);
    }
}
