//! The environment's variables, each in a process of its own, from the variable to what arrives.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking; its child prints"
)]

use honey_test_support as _;
use std::env;
use std::process::{Command, Stdio};
use std::time::Duration;

use honey::Config;
use honey_local::Server;

const KEY: &str = concat!("honeykey", "4test-environment");
const CHILD: &str = "HONEY_TEST_CHILD";
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);
/// What a developer's or CI machine may have set.
const KNOWN: [&str; 15] = [
    "HONEYCOMB_API_KEY",
    "HONEYCOMB_DATASET",
    "HONEYCOMB_API_ENDPOINT",
    "HONEY_FILTER",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_SDK_DISABLED",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

#[honey::event]
fn noisy() {}

#[honey::event]
fn request() {
    noisy();
}

/// Not a test of its own: the parents run it in a process of its own. `code` sets what the environment sets too.
#[test]
fn child() {
    let Some(mode) = env::var_os(CHILD) else {
        return;
    };
    if mode == "zero" {
        return zero();
    }
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(error) => return println!("from_env: {error}"),
    };
    let config = match mode.to_str() {
        Some("code") => config
            .dataset("coded")
            .service_name("coded")
            .filter("noisy=on"),
        _ => config,
    };
    println!("{config:?}");
    // One try, which no machine is too slow for.
    let config = config
        .max_tries(1)
        .request_timeout(LONG)
        .connect_timeout(LONG);
    match honey::init(config) {
        Ok(guard) => {
            if mode == "verify" {
                println!("verify: {:?}", honey::verify(LONG));
            }
            request();
            println!("{}", guard.close(LONG));
        }
        Err(error) => println!("init: {error}"),
    }
}

/// A program that says nothing of itself.
fn zero() {
    match honey::init_from_env!() {
        Ok(guard) => {
            request();
            println!("{}", guard.close(LONG));
        }
        Err(error) => println!("init: {error}"),
    }
}

/// Runs the child with these variables and no others of [`KNOWN`]; what it said. The key is not in it.
fn run(mode: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .stdin(Stdio::null())
        .env(CHILD, mode);
    for name in KNOWN {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success() && !said.contains(KEY), "{said}");
    said
}

#[test]
fn every_variable_has_its_effect() {
    let server = Server::start().unwrap();
    let url = format!(" {} ", server.url());
    let said = run(
        "plain",
        &[
            ("HONEYCOMB_API_KEY", KEY),
            ("HONEYCOMB_DATASET", "from env"),
            ("HONEYCOMB_API_ENDPOINT", &url),
            ("HONEY_FILTER", "noisy=off"),
            ("OTEL_SERVICE_NAME", "named"),
            (
                "OTEL_RESOURCE_ATTRIBUTES",
                "service.name=attributed,host.name=h%2C1,deployment.environment=test",
            ),
            ("OTEL_SDK_DISABLED", "false"),
        ],
    );
    let [event] = &server.events()[..] else {
        unreachable!("{said}")
    };
    assert_eq!(event.name(), Some("request"));
    assert_eq!(event.dataset, "from env");
    for (field, value) in [
        ("service.name", "named"),
        ("host.name", "h,1"),
        ("deployment.environment", "test"),
    ] {
        assert_eq!(event.str(field), Some(value), "{said}");
    }
    assert_eq!(
        server.requests()[0].headers.get("x-honeycomb-team"),
        Some(KEY)
    );
}

#[test]
fn the_code_has_the_last_word() {
    let server = Server::start().unwrap();
    let url = server.url();
    let said = run(
        "code",
        &[
            ("HONEYCOMB_API_KEY", KEY),
            ("HONEYCOMB_DATASET", "from env"),
            ("HONEYCOMB_API_ENDPOINT", &url),
            ("HONEY_FILTER", "noisy=off"),
            ("OTEL_SERVICE_NAME", "named"),
        ],
    );
    let events = server.events();
    assert_eq!(events.len(), 2, "{said}");
    for event in events {
        assert_eq!(event.dataset, "coded");
        assert_eq!(event.str("service.name"), Some("coded"));
    }
}

#[test]
fn the_service_names_the_dataset_when_nothing_else_does() {
    let server = Server::start().unwrap();
    let url = server.url();
    run(
        "plain",
        &[
            ("HONEYCOMB_API_KEY", KEY),
            ("HONEYCOMB_API_ENDPOINT", &url),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=attributed"),
        ],
    );
    assert_eq!(server.events()[0].dataset, "attributed");
}

#[test]
fn disabled_sends_nothing_and_needs_no_key() {
    let said = run("plain", &[("OTEL_SDK_DISABLED", "true")]);
    assert!(said.contains("disabled: nothing was recorded"), "{said}");
}

#[test]
fn what_is_missing_or_wrong_is_named_with_what_to_write() {
    for (variables, expected) in [
        (vec![], ["init: no API key", "HONEYCOMB_API_KEY"]),
        (
            vec![("OTEL_SDK_DISABLED", "1")],
            [
                "from_env: the environment variable OTEL_SDK_DISABLED",
                "`true` or `false`",
            ],
        ),
        (
            vec![("HONEY_FILTER", "a=off,b=some")],
            [
                "from_env: the environment variable HONEY_FILTER",
                "at character 9",
            ],
        ),
        (
            vec![("OTEL_RESOURCE_ATTRIBUTES", "a=b%")],
            [
                "from_env: the environment variable OTEL_RESOURCE_ATTRIBUTES",
                "%25",
            ],
        ),
        (
            vec![("HONEYCOMB_API_ENDPOINT", "api.honeycomb.io")],
            [
                "init: `api_host` cannot be used",
                "https://api.honeycomb.io",
            ],
        ),
        (
            vec![("HONEYCOMB_API_KEY", "0123456789abcdef0123456789abcdef")],
            ["init: this is a classic API key", "HONEYCOMB_DATASET"],
        ),
    ] {
        let with_key = [&[("HONEYCOMB_API_KEY", KEY)][..], &variables].concat();
        let variables = if variables.is_empty() {
            variables
        } else {
            with_key
        };
        let said = run("plain", &variables);
        for text in expected {
            assert!(said.contains(text), "{variables:?}: {said}");
        }
    }
}

#[test]
fn the_environments_proxy_gets_the_requests_but_for_the_hosts_it_excludes() {
    let (proxy, server) = (Server::start().unwrap(), Server::start().unwrap());
    let (proxy_url, url) = (proxy.url(), server.url());
    let key = ("HONEYCOMB_API_KEY", KEY);
    run(
        "plain",
        &[
            key,
            ("HONEYCOMB_API_ENDPOINT", "http://honey.invalid"),
            ("HTTP_PROXY", &proxy_url),
        ],
    );
    let requests = proxy.requests();
    assert_eq!(requests[0].headers.get("host"), Some("honey.invalid"));
    proxy.clear();
    run(
        "plain",
        &[
            key,
            ("HONEYCOMB_API_ENDPOINT", &url),
            ("HTTP_PROXY", &proxy_url),
            ("NO_PROXY", "127.0.0.1"),
        ],
    );
    assert_eq!((proxy.requests().len(), server.events().len()), (0, 2));
}

#[test]
fn what_fails_names_the_environments_proxy_only_for_hosts_that_go_through_it() {
    type Variables = [(&'static str, &'static str)];
    let nobody = "http://127.0.0.1:9";
    let cases: [(&str, &Variables, Option<&str>); 5] = [
        (nobody, &[("HTTP_PROXY", nobody)], Some("HTTP_PROXY")),
        (nobody, &[("ALL_PROXY", nobody)], Some("ALL_PROXY")),
        (nobody, &[("HTTPS_PROXY", nobody)], None),
        (
            nobody,
            &[
                ("HTTP_PROXY", nobody),
                ("NO_PROXY", "example.com, 127.0.0.0/8"),
            ],
            None,
        ),
        (
            "http://honey.invalid",
            &[("http_proxy", nobody), ("no_proxy", ".invalid")],
            None,
        ),
    ];
    for (api_host, proxies, named) in cases {
        let endpoint = format!(" {api_host}/ ");
        let mut variables = vec![
            ("HONEYCOMB_API_KEY", KEY),
            ("HONEYCOMB_API_ENDPOINT", &endpoint),
        ];
        variables.extend(proxies);
        let said = run("verify", &variables);
        let words = named.map_or("by way of".to_owned(), |name| {
            format!("by way of the proxy that {name} names. ")
        });
        // What `verify` says, and what is said when events cannot be sent.
        for told in ["verify: Err", "honey: "] {
            let line = said.lines().find(|line| line.starts_with(told));
            let line = line.unwrap_or_else(|| unreachable!("{told}: {said}"));
            assert_eq!(line.contains(&words), named.is_some(), "{said}");
        }
    }
}

#[test]
fn without_any_setting_a_server_on_this_machine_gets_events_that_say_whose_they_are() {
    let server = Server::builder().key_optional().start().unwrap();
    let url = server.url();
    let said = run("zero", &[("HONEYCOMB_API_ENDPOINT", &url)]);
    let line = format!(
        "honey: sending events to {url}, dataset \"{}\", which is this machine and needs no key\n",
        env!("CARGO_PKG_NAME")
    );
    assert!(said.contains(&line), "{said}");
    let events = server.events();
    assert_eq!(events.len(), 2, "{said}");
    let pid = events[0].u64("process.pid").unwrap();
    for event in events {
        for (field, value) in [
            ("service.name", env!("CARGO_PKG_NAME")),
            ("service.version", env!("CARGO_PKG_VERSION")),
            ("telemetry.sdk.name", "honey"),
            ("telemetry.sdk.language", "rust"),
        ] {
            assert_eq!(event.str(field), Some(value));
        }
        assert!(event.str("telemetry.sdk.version").is_some());
        assert_eq!(event.u64("process.pid"), Some(pid));
        let is_linux = cfg!(target_os = "linux");
        assert!(!is_linux || event.str("host.name").is_some_and(|name| !name.is_empty()));
    }
}

#[test]
fn the_environment_names_the_service_in_the_crates_place() {
    let server = Server::start().unwrap();
    let url = server.url();
    let said = run(
        "zero",
        &[
            ("HONEYCOMB_API_KEY", KEY),
            ("HONEYCOMB_API_ENDPOINT", &url),
            ("OTEL_SERVICE_NAME", "named"),
            (
                "OTEL_RESOURCE_ATTRIBUTES",
                "service.version=9,host.name=elsewhere",
            ),
        ],
    );
    let line = "dataset \"named\", since there is an API key";
    assert!(said.contains(line), "{said}");
    let event = &server.events()[0];
    for (field, value) in [
        ("service.name", "named"),
        ("service.version", "9"),
        ("host.name", "elsewhere"),
    ] {
        assert_eq!(event.str(field), Some(value));
    }
}

#[test]
fn without_a_key_and_without_a_terminal_the_program_runs_and_the_line_says_what_to_set() {
    for (variables, expected) in [
        (
            &[][..],
            "HONEYCOMB_API_KEY is not set and stderr is no terminal",
        ),
        (
            &[("HONEYCOMB_API_ENDPOINT", "https://api.eu1.honeycomb.io")],
            "HONEYCOMB_API_KEY is not set",
        ),
        (
            &[("OTEL_SDK_DISABLED", "true"), ("HONEYCOMB_API_KEY", KEY)],
            "OTEL_SDK_DISABLED",
        ),
    ] {
        let said = run("zero", variables);
        assert!(said.contains("disabled: nothing was recorded"), "{said}");
        let lines = said.lines().filter(|line| line.contains("honey: "));
        let lines: Vec<_> = lines.collect();
        assert!(
            matches!(lines[..], [line] if line.contains(expected)),
            "{said}"
        );
    }
    let said = run("zero", &[("HONEYCOMB_API_ENDPOINT", "localhost:8088")]);
    assert!(said.contains("init: `api_host` cannot be used"), "{said}");
}
