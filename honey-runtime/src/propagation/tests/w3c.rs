//! `traceparent` and `tracestate`, by the words of the specification (W3C Trace Context, Recommendation of 23 November 2021, sections
//! 3.2 and 3.3; keys of members as in Level 2).

use super::{Headers, PARENT, TRACE, written};
use crate::propagation::{Format, SpanContext, extract};

fn with_state(states: &[&str]) -> SpanContext {
    let mut headers = vec![("traceparent", format!("00-{TRACE}-{PARENT}-00"))];
    headers.extend(
        states
            .iter()
            .map(|state| ("tracestate", (*state).to_owned())),
    );
    extract(&headers).unwrap()
}

#[test]
fn a_traceparent_that_is_none_begins_no_trace() {
    for (value, why) in [
        ("", "3.2.2: empty"),
        ("00", "too short"),
        ("00-TRACE-PARENT", "no flags"),
        ("00-TRACE-PARENT-", "empty flags"),
        ("00-TRACE-PARENT-1", "flags of one digit"),
        ("00-TRACE-PARENT-001", "flags of three digits"),
        ("00-TRACE-PARENT-.0", "flags that are no hex"),
        ("00-TRACE-PARENT-0.", "flags that are no hex"),
        ("00-TRACE-PARENT-0A", "flags in upper case"),
        ("00-TRACE-PARENT-01.", "version 00 and more behind it"),
        ("00-TRACE-PARENT-01-more", "version 00 and more behind it"),
        (
            "00-TRACE-PARENT-01 more",
            "version 00 and more behind a blank",
        ),
        ("ff-TRACE-PARENT-01", "3.2.2.1: version ff"),
        ("ff-TRACE-PARENT-01-more", "version ff"),
        (".0-TRACE-PARENT-01", "a version that is no hex"),
        ("0.-TRACE-PARENT-01", "a version that is no hex"),
        ("0A-TRACE-PARENT-01", "a version in upper case"),
        ("000-TRACE-PARENT-01", "a version of three digits"),
        ("0000-TRACE-PARENT-01", "a version of four digits"),
        ("0-TRACE-PARENT-01", "a version of one digit"),
        ("-TRACE-PARENT-01", "no version"),
        ("TRACE-PARENT-01", "no version at all"),
        (
            "cc-TRACE-PARENT-01.what",
            "3.2.4: a later version, and what follows is not set off",
        ),
        ("cc-TRACE-PARENT-0", "a later version, too short"),
        ("cc-TRACE.PARENT-01", "a later version without a dash"),
        (
            "00-00000000000000000000000000000000-PARENT-01",
            "3.2.2.3: a trace of zeros",
        ),
        ("00-TRACE-0000000000000000-01", "3.2.2.4: a parent of zeros"),
        (
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-PARENT-01",
            "a trace in upper case",
        ),
        ("00-TRACE-00F067AA0BA902B7-01", "a parent in upper case"),
        (
            "00-.bf92f3577b34da6a3ce929d0e0e4736-PARENT-01",
            "a trace that is no hex",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e473.-PARENT-01",
            "a trace that is no hex",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e47361-PARENT-01",
            "a trace of 33 digits",
        ),
        (
            "00-4bf92f3577b34da6a3ce929d0e0e473-PARENT-01",
            "a trace of 31 digits",
        ),
        ("00-TRACE-.0f067aa0ba902b7-01", "a parent that is no hex"),
        ("00-TRACE-00f067aa0ba902b.-01", "a parent that is no hex"),
        ("00-TRACE-00f067aa0ba902b71-01", "a parent of 17 digits"),
        ("00-TRACE-00f067aa0ba902b-01", "a parent of 15 digits"),
        ("00_TRACE-PARENT-01", "another sign than a dash"),
        ("00-TRACE_PARENT-01", "another sign than a dash"),
        ("00-TRACE-PARENT_01", "another sign than a dash"),
        ("00-TRACE-PARENT-01\n", "a line feed"),
        ("\u{a0}00-TRACE-PARENT-01", "a blank that is not ASCII"),
        ("00-TRACE-PARENT-01,00-TRACE-PARENT-01", "two, joined"),
        (
            "00-４bf92f3577b34da6a3ce929d0e0e47-PARENT-01",
            "a digit that is not ASCII",
        ),
    ] {
        let value = value.replace("TRACE", TRACE).replace("PARENT", PARENT);
        let headers = [("traceparent", value.as_str()), ("tracestate", "a=1")];
        assert_eq!(extract(&headers), None, "{why}: {value}");
    }
}

#[test]
fn a_traceparent_is_read_with_blanks_around_it_and_of_later_versions() {
    for (value, is_sampled, flags_again) in [
        ("00-TRACE-PARENT-00", false, "00"),
        ("00-TRACE-PARENT-01", true, "01"),
        // 3.2.2.5: flags are bits, and those that nobody knows are not passed on.
        ("00-TRACE-PARENT-09", true, "01"),
        ("00-TRACE-PARENT-fe", false, "02"),
        ("00-TRACE-PARENT-ff", true, "03"),
        // Level 2: the trace's id is random.
        ("00-TRACE-PARENT-02", false, "02"),
        ("00-TRACE-PARENT-03", true, "03"),
        (" 00-TRACE-PARENT-01", true, "01"),
        ("\t00-TRACE-PARENT-01", true, "01"),
        ("00-TRACE-PARENT-01 ", true, "01"),
        ("\t 00-TRACE-PARENT-01 \t", true, "01"),
        ("cc-TRACE-PARENT-01", true, "01"),
        ("01-TRACE-PARENT-00-", false, "00"),
        (
            "fe-TRACE-PARENT-01-what-the-future-will-be-like",
            true,
            "01",
        ),
    ] {
        let value = value.replace("TRACE", TRACE).replace("PARENT", PARENT);
        let context = extract(&[("traceparent", &value)]).unwrap();
        assert_eq!(
            (context.trace_id(), context.span_id()),
            (TRACE, PARENT),
            "{value}"
        );
        assert_eq!(context.is_sampled(), is_sampled, "{value}");
        // 3.2.4: what is written is of the version that we know.
        let again = format!("00-{TRACE}-{PARENT}-{flags_again}");
        assert_eq!(
            written(&context, Format::W3c),
            [("traceparent".to_owned(), again)]
        );
    }
}

#[test]
fn a_traceparent_that_is_there_twice_is_none() {
    let value = format!("00-{TRACE}-{PARENT}-01");
    let headers = [("traceparent", &value), ("Traceparent", &value)];
    assert_eq!(extract(&headers), None);
}

#[test]
fn a_tracestate_without_traceparent_is_none() {
    assert_eq!(extract(&[("tracestate", "foo=1,bar=2")]), None);
}

#[test]
fn members_are_passed_on_in_their_order() {
    let long_key = "z".repeat(256);
    let all_values: String = (b' '..=b'~')
        .map(char::from)
        .filter(|c| !",=".contains(*c))
        .collect();
    let every_key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/";
    let with_long_key = format!("{long_key}=1");
    let with_all = format!("{every_key}={all_values}");
    let with_tenant = format!("{every_key}@a-z0-9_-*/={all_values}");
    for (states, expected) in [
        (&["foo=1,bar=2"] as &[&str], Some("foo=1,bar=2")),
        (
            &["foo=1,bar=2", "rojo=1,congo=2", "baz=3"],
            Some("foo=1,bar=2,rojo=1,congo=2,baz=3"),
        ),
        // 3.3.1.1: empty members, empty headers, and blanks around members.
        (&[""], None),
        (&[" \t "], None),
        (&[",,"], None),
        (&["foo=1", ""], Some("foo=1")),
        (&["", "foo=1"], Some("foo=1")),
        (&["foo=1,,bar=2,"], Some("foo=1,bar=2")),
        (
            &["foo=1 \t , \t bar=2, \t baz=3"],
            Some("foo=1,bar=2,baz=3"),
        ),
        (&["\t foo=1 \t"], Some("foo=1")),
        // 3.3.1.3.2: blanks before a value are its own, those behind it are not.
        (&["foo=  1 2  "], Some("foo=  1 2")),
        (&["0foo=1"], Some("0foo=1")),
        (&["fw529a3039@dt=FfAAAAAA"], Some("fw529a3039@dt=FfAAAAAA")),
        (&[&with_long_key], Some(&with_long_key)),
        (&[&with_all], Some(&with_all)),
        (&[&with_tenant], Some(&with_tenant)),
    ] {
        let context = with_state(states);
        assert_eq!(context.trace_state(), expected, "{states:?}");
        let sent: Headers = written(&context, Format::W3c);
        let sent = sent.iter().find(|(name, _)| name == "tracestate");
        assert_eq!(sent.map(|(_, state)| state.as_str()), expected);
    }
}

#[test]
fn a_tracestate_that_is_none_is_left_out_as_a_whole_and_the_traceparent_stays() {
    let key = format!("foo=1,{}=1", "z".repeat(257));
    let value = format!("foo=1,bar={}", "v".repeat(257));
    let members: Vec<String> = (0..33).map(|n| format!("k{n}=v")).collect();
    let (most, too_many) = (members[..32].join(","), members.join(","));
    for (states, why) in [
        (&["foo"] as &[&str], "no equals sign"),
        (&["=1"], "no key"),
        (&["foo=,bar=3"], "an empty value"),
        (&["foo=bar=baz"], "an equals sign in a value"),
        (&["foo =1"], "a blank in a key"),
        (&["FOO=1"], "a key in upper case"),
        (&["foo.bar=1"], "a dot in a key"),
        (&["@foo=1,bar=2"], "a key that begins with another sign"),
        (&["_foo=1"], "a key that begins with another sign"),
        (&["foo=1\t2"], "a tab in a value"),
        (&["foo=\u{7f}"], "a control character"),
        (&["foo=ü"], "a value that is not ASCII"),
        (&["foo=1\r\nset-cookie: a=b"], "another header"),
        (&["foo=1;bar=2"], "an equals sign behind another separator"),
        (&["foo=1,foo=1"], "a key twice"),
        (&["foo=1,foo=2"], "a key twice"),
        (&["foo=1", "foo=2"], "a key twice, in two headers"),
        (&["honey=rate:2,honey=rate:3"], "our own key twice"),
        (&["foo=1", "bar"], "the second header is none"),
        (&["bar", "foo=1"], "the first header is none"),
        (&[&key], "a key that is too long"),
        (&[&value], "a value that is too long"),
        (&[&too_many], "33 members"),
        (&[&most, "one=more"], "33 members in two headers"),
    ] {
        let context = with_state(states);
        assert_eq!(
            (context.trace_id(), context.span_id()),
            (TRACE, PARENT),
            "{why}"
        );
        assert_eq!(context.trace_state(), None, "{why}: {states:?}");
        assert_eq!(context.sample_rate(), 1, "{why}");
    }
    assert_eq!(with_state(&[&most]).trace_state(), Some(most.as_str()));
}

/// 3.3.1.5: at least 512 characters are passed on; whole members go, long ones first, then from the end.
#[test]
fn a_long_list_loses_its_long_members_and_then_its_last() {
    let long = format!("long={}", "v".repeat(200));
    let short = |n: usize| format!("k{n:02}={}", "v".repeat(28));
    let few: Vec<String> = (0..9).map(short).collect();
    let with_long = format!("{},{long},{}", few[0], few[1..].join(","));
    assert!(with_long.len() <= 512);
    assert_eq!(
        with_state(&[&with_long]).trace_state(),
        Some(with_long.as_str())
    );

    let many: Vec<String> = (0..20).map(short).collect();
    let too_long = format!("{long},{}", many.join(","));
    let kept = many[..15].join(",");
    assert_eq!(with_state(&[&too_long]).trace_state(), Some(kept.as_str()));
    assert!(kept.len() <= 512 && kept.len() + many[15].len() + 1 > 512);
    let exact = format!(
        "{},x={}",
        many[..14].join(","),
        "v".repeat(512 - 14 * 33 - 2)
    );
    assert_eq!(exact.len(), 512);
    assert_eq!(with_state(&[&exact]).trace_state(), Some(exact.as_str()));
}

#[test]
fn honeys_own_member_is_the_rate() {
    for (state, rate) in [
        ("honey=rate:10", 10),
        ("foo=1,honey=rate:4294967295", u32::MAX),
        ("honey=rate:0", 1),
        ("honey=rate:4294967296", 1),
        ("honey=rate:-1", 1),
        ("honey=rate: 5", 1),
        ("honey=10", 1),
        ("honey=something-of-a-later-version", 1),
    ] {
        let context = with_state(&[state]);
        assert_eq!(context.sample_rate(), rate, "{state}");
        assert!(context.trace_state().is_none_or(|state| state == "foo=1"));
    }
    let mut kept = with_state(&["foo=1,honey=rate:10,bar=2"]).with_sampled(true);
    let state = |context: &SpanContext| written(context, Format::W3c).pop();
    let expected = |state: &str| Some(("tracestate".to_owned(), state.to_owned()));
    assert_eq!(state(&kept), expected("honey=rate:10,foo=1,bar=2"));
    kept.sampled = Some(false);
    assert_eq!(state(&kept), expected("foo=1,bar=2"));

    let full: Vec<String> = (0..32).map(|n| format!("k{n}=v")).collect();
    let mut full = with_state(&[&full.join(",")]).with_sampled(true);
    full.sample_rate = 2;
    let sent = state(&full).unwrap().1;
    assert_eq!(sent.split(',').count(), 32, "the last made room");
    assert!(sent.starts_with("honey=rate:2,k0=v,") && sent.ends_with(",k30=v"));
}

/// Thresholds of OpenTelemetry's probability sampling: the share that is kept is `1 - th / 2^56`.
#[test]
fn opentelemetrys_threshold_is_a_rate_too() {
    let kept = |state: &str| {
        let traceparent = format!("00-{TRACE}-{PARENT}-01");
        extract(&[("traceparent", traceparent.as_str()), ("tracestate", state)]).unwrap()
    };
    for (state, rate) in [
        ("ot=th:0", 1),
        ("ot=th:8", 2),
        ("ot=th:c", 4),
        ("ot=th:c;rv:ffffffffffffff", 4),
        ("foo=1,ot=rv:6e6d1a75832a2f;th:c", 4),
        ("ot=th:e6666666666668", 10),
        ("ot=th:fd70a3d70a3d71", 100),
        // 1 in 1.5, and 1 in 1.33.
        ("ot=th:55555555555556", 2),
        ("ot=th:4", 1),
        ("ot=th:ffffffffffffff", u32::MAX),
        ("honey=rate:3,ot=th:8", 6),
        ("honey=rate:4294967295,ot=th:8", u32::MAX),
        ("ot=th:", 1),
        ("ot=th:000000000000000", 1),
        ("ot=th:C", 1),
        ("ot=th:-8", 1),
        ("ot=rv:8", 1),
        ("other=th:8", 1),
    ] {
        let context = kept(state);
        assert_eq!(context.sample_rate(), rate, "{state}");
        let sent = written(&context, Format::W3c).pop().unwrap().1;
        assert!(sent.contains("th:") || state == "ot=rv:8", "{sent}");
        assert_eq!(kept(&sent), context, "{state}");
    }
    assert_eq!(with_state(&["ot=th:8"]).sample_rate(), 1, "it is not kept");
}
