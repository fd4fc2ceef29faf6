//! The example of two services, run as a newcomer runs it.

use std::process::Stdio;

use honey_test_support::example;

#[test]
fn a_request_is_one_tree_over_two_services() {
    let output = example("axum_service")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert_eq!(stderr, "");
    let names: Vec<&str> = stdout
        .lines()
        .skip_while(|line| !line.starts_with("trace "))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.split("  ")
                .find(|part| part.contains(char::is_alphabetic))
        })
        .map(|name| name.trim_matches([' ', '│', '├', '└', '─']))
        .collect();
    let of_one_price = ["price", "GET price", "GET /price/{sku}", "SELECT price"];
    let expected = [["GET /cart/{id}"].as_slice(), &of_one_price, &of_one_price].concat();
    assert_eq!(names, expected, "{stdout}");
    let traces = stdout.lines().filter(|line| line.starts_with("trace "));
    assert_eq!(traces.count(), 1, "{stdout}");
}
