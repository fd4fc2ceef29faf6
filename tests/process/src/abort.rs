//! The program, to be compiled with `-C panic=abort`.

fn main() -> std::process::ExitCode {
    honey_process_tests::main()
}
