//! What the system may refuse: descriptors, threads, certificates, names, the way through a proxy.

use std::io::ErrorKind;
use std::net::UdpSocket;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use honey_local::Server;
use honey_test_support::addresses::Refusing;

use super::support::{Ran, assert_once, has_tool, program, run, within};

fn short_of(server: &Server, what: &str) -> Ran {
    let ran = run(program(server).args(["short-of", what]));
    ran.assert_success();
    ran
}

#[test]
fn without_descriptors_init_says_so() {
    let server = Server::start().unwrap();
    short_of(&server, "descriptors-at-init")
        .assert_says("init failed: honey cannot")
        .assert_says("os error 24")
        .assert_says("threads left: 0");
}

#[test]
fn without_descriptors_for_a_while_nothing_is_lost() {
    let server = Server::start().unwrap();
    let ran = short_of(&server, "descriptors");
    ran.assert_says("retried without a descriptor: true");
    ran.report("main").assert_all_delivered(10);
    assert_once(&server.events(), "main", 0..10);
    assert!(ran.complained.contains("honey: "), "{}", ran.complained);
}

#[test]
fn without_threads_init_says_so_and_leaves_none() {
    let server = Server::start().unwrap();
    for threads in ["threads-0", "threads-1"] {
        short_of(&server, threads)
            .assert_says("init failed: honey cannot start its threads")
            .assert_says("threads left: 0");
    }
}

#[test]
fn without_a_store_of_certificates_init_succeeds_and_http_works() {
    let server = Server::start().unwrap();
    let ran = run(program(&server)
        .args(["short-of", "certificates"])
        .env("SSL_CERT_FILE", "/nowhere/certificates.pem")
        .env("SSL_CERT_DIR", "/nowhere"));
    ran.assert_success()
        .assert_says("set up for https")
        .assert_says("the process's TLS provider is untouched: true");
    ran.report("main").assert_all_delivered(5);
    assert_once(&server.events(), "main", 0..5);
}

/// Longer than anything takes here but the look-up.
const AT_MOST: Duration = Duration::from_mins(1);

/// A name server that never answers, at an address of its own on loopback, and how to make it a program's.
#[test]
fn names_that_nobody_answers_for_hold_up_nobody() {
    let bind = || UdpSocket::bind("127.0.0.153:53");
    let mut silent = bind();
    // Another run of these tests on this machine may have it for a moment.
    let started = Instant::now();
    while started.elapsed() < AT_MOST
        && (silent.as_ref()).is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
    {
        thread::sleep(Duration::from_millis(10));
        silent = bind();
    }
    let unshare = ["unshare", "--map-root-user", "--mount"];
    let may = Command::new(unshare[0])
        .args(&unshare[1..])
        .arg("true")
        .output();
    let may = may.is_ok_and(|output| output.status.success());
    if !has_tool(
        silent.is_ok() && may,
        "right to bind port 53 and to unshare mounts (run as root)",
    ) {
        return;
    }
    let server = Server::start().unwrap();
    let file =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("resolv-{}", std::process::id()));
    std::fs::write(
        &file,
        "nameserver 127.0.0.153\noptions timeout:30 attempts:5\n",
    )
    .unwrap();
    let mount = "mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"";
    let file_name = file.to_string_lossy().into_owned();
    let wrapper = [&unshare[..], &["sh", "-c", mount, "sh", &file_name]].concat();
    let program = env!("CARGO_BIN_EXE_process-child");
    let ran = run(within(&wrapper, program, &server).args(["short-of", "names"]));
    let _ = std::fs::remove_file(&file);
    ran.assert_success().assert_says("flushed: false");
    let report = ran.report("main");
    report.assert_balanced();
    assert_eq!(report.count("dropped"), 5);
    assert!(ran.took < AT_MOST, "{:?}", ran.took);
}

#[test]
fn a_proxy_that_refuses_is_no_way_round_it() {
    let server = Server::start().unwrap();
    let nobody = Refusing::new().unwrap();
    let proxy = nobody.url().replace("http://", "http://user:hunter2@");
    let ran = run(program(&server)
        .args(["short-of", "proxy"])
        .env("HTTP_PROXY", proxy)
        .env("NO_PROXY", ""));
    ran.assert_success().assert_says("retried: true");
    let report = ran.report("main");
    report.assert_balanced();
    assert_eq!(report.count("dropped"), 5);
    assert!(server.requests().is_empty(), "it went past the proxy");
}
