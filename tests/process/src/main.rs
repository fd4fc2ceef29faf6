//! The program.

fn main() -> std::process::ExitCode {
    honey_process_tests::main()
}
