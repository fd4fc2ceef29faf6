#[derive(honey::HoneyFields)]
enum Job {
    Running,
}

fn main() {
    let _ = Job::Running;
}
