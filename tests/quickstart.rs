//! The quickstart, run as a newcomer runs it: what it prints, and that nothing is lost or given away.

use std::error::Error;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use honey_local::Server;
use honey_test_support::{example, unless_it_stands_still};

type Outcome = Result<(), Box<dyn Error>>;

/// What the environment could change about it.
const VARIABLES: [&str; 6] = [
    "HONEYCOMB_API_KEY",
    "HONEYCOMB_API_ENDPOINT",
    "HONEYCOMB_DATASET",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_SDK_DISABLED",
];
/// It takes one second; a machine may be busy.
const LONGEST: Duration = Duration::from_mins(2);
/// A customer gives up a quarter of a second after he has begun to pay: at once, where the machine stands still for as long.
const STALL: Duration = Duration::from_millis(50);
/// What is not answered for ten seconds is sent again, and may arrive twice.
const LONG_STALL: Duration = Duration::from_secs(5);
const KEY: &str = "hcaik_01quickstarttest";

/// Without a key, and with nothing of the environment's.
fn quickstart() -> Command {
    let mut command = example("quickstart");
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null());
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command
}

/// Its output, after the checks that hold in any case.
fn run(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let started = Instant::now();
    let Output {
        status,
        stdout,
        stderr,
    } = command.output()?;
    let (stdout, stderr) = (String::from_utf8(stdout)?, String::from_utf8(stderr)?);
    assert!(status.success(), "{status}\n{stdout}\n{stderr}");
    // A call that the scheduler cuts in two, and the next one too, is taken for a slow one.
    let complaints = stderr
        .lines()
        .filter(|line| !line.starts_with("honey: the dynamic field "));
    assert_eq!(
        complaints.collect::<Vec<_>>(),
        [""; 0],
        "it has nothing to complain of"
    );
    assert!(
        !stdout.contains('\u{1b}'),
        "no colours when it is no terminal: {stdout}"
    );
    assert!(started.elapsed() < LONGEST);
    Ok(stdout)
}

/// The numbers of the balance: created and delivered. They are the whole of it.
fn balance(stdout: &str) -> Option<(usize, usize)> {
    let line = stdout
        .lines()
        .find(|line| line.starts_with("The balance"))?;
    let (_, balance) = line.split_once("created ")?;
    let (created, rest) = balance.split_once(" = delivered ")?;
    let (delivered, _) = rest.split_once(';')?;
    Some((created.parse().ok()?, delivered.parse().ok()?))
}

#[test]
fn offline_it_shows_a_tree_a_table_and_the_balance() -> Outcome {
    unless_it_stands_still(STALL, || {
        let stdout = run(&mut quickstart())?;
        let tree: Vec<&str> = stdout
            .lines()
            .skip_while(|line| !line.starts_with("trace "))
            .take_while(|line| !line.is_empty())
            .collect();
        let shows = |parts: &[&str]| {
            tree.iter()
                .any(|line| parts.iter().all(|part| line.contains(part)))
        };
        assert!(shows(&["8 events"]), "{stdout}");
        assert!(
            tree.get(1)
                .is_some_and(|root| root.starts_with("POST /checkout ")),
            "{stdout}"
        );
        assert!(
            shows(&["├─ reserve stock", "sku=SKU-sencha"]),
            "by Display: {stdout}"
        );
        assert!(
            shows(&["│  └─ UPDATE stock", "db.response.returned_rows=1"]),
            "from `ret`: {stdout}"
        );
        assert!(
            shows(&[
                "├─ charge card",
                "ERROR",
                "PaymentError: the bank is busy",
                "network=Mastercard"
            ]),
            "{stdout}"
        );
        assert!(shows(&["└─ send receipt"]), "in a spawned task: {stdout}");
        assert!(
            shows(&[
                "status_code=201",
                "customer.tier=gold",
                "payment.tries=2",
                "db.calls=2"
            ]),
            "into the root: {stdout}"
        );

        let (_, table) = stdout.split_once("All events by name").ok_or("no table")?;
        // Name, events, errors, panics, cancelled: the same in every run.
        for row in [
            ["UPDATE stock", "218", "-", "-", "-"],
            ["reserve stock", "218", "2", "-", "-"],
            ["POST /checkout", "104", "5", "-", "1"],
            ["charge card", "103", "4", "-", "1"],
            ["send receipt", "98", "-", "-", "-"],
            ["GET /ratings", "2", "-", "1", "-"],
            ["count shelf", "3", "-", "-", "-"],
            ["restock", "1", "-", "-", "-"],
            ["price change", "4", "-", "-", "-"],
        ] {
            let [name, counts @ ..] = row;
            let line = table
                .lines()
                .find(|line| line.starts_with(&format!("{name}  ")));
            let cells = line.unwrap_or(name)[name.len()..]
                .split_whitespace()
                .take(4);
            let cells: Vec<&str> = cells.collect();
            assert_eq!(cells, counts, "{name}: {stdout}");
        }

        let (created, delivered) = balance(&stdout).ok_or("no balance")?;
        assert_eq!(created, delivered);
        assert!(
            stdout.contains(&format!("The local Honeycomb has {created} events")),
            "{stdout}"
        );
        assert!(!stdout.contains("any-key-will-do"));
        Ok(())
    })
}

#[test]
fn with_a_key_it_sends_where_the_environment_says() -> Outcome {
    unless_it_stands_still(LONG_STALL, || {
        let server = Server::start()?;
        let stdout = run(quickstart()
            .env("HONEYCOMB_API_KEY", KEY)
            .env("HONEYCOMB_API_ENDPOINT", server.url())
            .env("HONEYCOMB_DATASET", "tea"))?;
        assert!(
            stdout.contains(&server.url()) && stdout.contains("`tea`"),
            "{stdout}"
        );
        assert!(
            !stdout.contains("trace ") && !stdout.contains(KEY),
            "{stdout}"
        );
        let (created, delivered) = balance(&stdout).ok_or("no balance")?;
        assert_eq!(created, delivered);
        let events = server.events();
        assert_eq!(events.len(), created);
        assert!(
            events
                .iter()
                .all(|event| event.api_key == KEY && event.dataset == "tea")
        );
        Ok(())
    })
}
