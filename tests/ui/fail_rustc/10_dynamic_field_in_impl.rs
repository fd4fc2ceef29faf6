struct Process;

impl Process {
    #[honey::dynamic_field]
    fn threads() -> u32 {
        1
    }
}

fn main() {
    Process::threads();
}
