#![deny(warnings)]
#![allow(clippy::type_repetition_in_bounds)]

use std::marker::PhantomData;
use std::net::Ipv4Addr;

use honey::{HoneyValue, ToField};

#[derive(HoneyValue, Clone, Copy)]
#[honey(rename_all = "kebab-case")]
enum Payment {
    CreditCard,
    #[honey(rename = "cod")]
    CashOnDelivery,
    #[cfg(any())]
    Barter,
    r#Self_,
}

#[derive(HoneyValue)]
struct Id<T>(u64, PhantomData<T>);

#[derive(HoneyValue)]
struct Name<'a> {
    r#type: &'a str,
}

#[derive(HoneyValue)]
struct Peer<A>(#[honey(display)] A);

#[derive(HoneyValue)]
#[honey(bound = "T: ToField")]
struct Boxed<T: Clone>(Box<T>)
where
    T: Copy;

#[derive(HoneyValue)]
enum Never {}

#[honey::event(fields(payment, id, label = name, peer, boxed))]
fn pay(payment: Payment, id: &Id<Never>, name: Name<'_>, peer: Peer<Ipv4Addr>, boxed: Option<Boxed<u8>>) -> u64 {
    id.0 + name.r#type.len() as u64 + u64::from(peer.0.is_loopback()) + boxed.map_or(0, |it| u64::from(*it.0))
}

fn main() {
    for payment in [Payment::CreditCard, Payment::CashOnDelivery, Payment::Self_] {
        let peer = Peer(Ipv4Addr::LOCALHOST);
        assert_eq!(pay(payment, &Id(1, PhantomData), Name { r#type: "a" }, peer, Some(Boxed(Box::new(1)))), 4);
    }
}
