#[derive(honey::HoneyFields)]
#[honey(tag = "kind")]
enum Job {
    Running { kind: u32 },
}

fn main() {
    let _ = Job::Running { kind: 1 };
}
