struct Process;

impl Process {
    #[honey::dynamic_field]
    fn threads(&self) -> u32 {
        1
    }
}

fn main() {
    assert_eq!(Process.threads(), 1);
}
