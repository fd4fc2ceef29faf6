#![deny(warnings)]

#[derive(honey::HoneyFields)]
#[honey(prefix = "process.")]
struct Process {
    threads: u32,
    #[honey(unit = bytes)]
    rss: u64,
}

#[honey::dynamic_field(fields)]
fn process() -> Process {
    Process { threads: 1, rss: 2 }
}

#[honey::dynamic_field(fields)]
fn perhaps() -> Option<Process> {
    None
}

fn main() {
    assert_eq!(u64::from(process().threads) + process().rss, 3);
    assert!(perhaps().is_none());
}
