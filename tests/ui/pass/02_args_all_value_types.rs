#![deny(warnings)]
#![allow(clippy::too_many_arguments, clippy::many_single_char_names, clippy::ptr_arg)]

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

#[honey::event(fields(a, b, c, d, e, f, g, h, i))]
fn numbers(a: u8, b: i16, c: u32, d: i64, e: u128, f: usize, g: f32, h: f64, i: NonZeroU32) {
    let _ = (a, b, c, d, e, f, g, h, i);
}

#[honey::event(fields(a, b, c, d, e, f, g))]
fn text(a: &str, b: String, c: Cow<'_, str>, d: char, e: Box<str>, f: Arc<str>, g: Rc<String>) {
    let _ = (a, b, c, d, e, f, g);
}

#[honey::event(fields(a, b, c, d, e, f, g))]
fn others(a: bool, b: IpAddr, c: SocketAddr, d: &Path, e: PathBuf, f: Option<u32>, g: &mut Option<&str>) {
    *g = None;
    let _ = (a, b, c, d, e, f);
}

#[honey::event(fields(?list, %address, shown = %list.len(), sum = list[0] + list[1], neg = -list[0]))]
fn formatted(list: &[i32], address: IpAddr) -> usize {
    list.len()
}

fn main() {
    let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
    numbers(1, 2, 3, 4, 5, 6, 7.0, 8.0, NonZeroU32::MIN);
    text("a", "b".to_owned(), Cow::Borrowed("c"), 'd', "e".into(), "f".into(), Rc::new("g".to_owned()));
    others(true, ip, SocketAddr::new(ip, 1), Path::new("/"), PathBuf::new(), None, &mut Some("x"));
    assert_eq!(formatted(&[1, 2], ip), 2);
}
