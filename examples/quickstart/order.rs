//! What the shop deals in: plain types, two of which say how they become fields.

use std::fmt;

use honey::HoneyFields;

/// An order. The derive makes fields of it, `order.id`, `order.items`, `order.total_usd`, … but never the card.
#[derive(HoneyFields)]
#[honey(prefix = "order.")]
pub(crate) struct Order {
    pub(crate) id: u64,
    #[honey(len)]
    pub(crate) items: Vec<Sku>,
    #[honey(rename = "total_usd")]
    pub(crate) total: f64,
    /// `None` adds no field.
    pub(crate) coupon: Option<&'static str>,
    #[honey(skip)]
    pub(crate) card: Card,
}

/// A kind of goods.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Sku(pub(crate) &'static str);

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SKU-{}", self.0)
    }
}

/// A card. What its bank does follows from the number, as with the test cards of payment providers.
pub(crate) struct Card {
    pub(crate) network: Network,
    pub(crate) number: &'static str,
}

impl Card {
    pub(crate) const GOOD: &'static str = "4111 1111 1111 1111";
    pub(crate) const DECLINED: &'static str = "4000 0000 0000 0002";
    pub(crate) const BUSY_AT_FIRST: &'static str = "4000 0000 0000 0119";
    pub(crate) const SLOW: &'static str = "4000 0000 0000 0341";
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Network {
    Visa,
    Mastercard,
}

/// Why a checkout failed.
#[derive(Debug)]
pub(crate) struct CheckoutError {
    /// What the customer's browser is told.
    pub(crate) status: u16,
    reason: String,
}

impl CheckoutError {
    pub(crate) fn out_of_stock(sku: Sku) -> Self {
        let reason = format!("{sku} is out of stock");
        Self {
            status: 409,
            reason,
        }
    }
}

impl fmt::Display for CheckoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl From<PaymentError> for CheckoutError {
    fn from(error: PaymentError) -> Self {
        let status = match error {
            PaymentError::Declined => 402,
            PaymentError::Busy => 503,
        };
        let reason = format!("not paid: {error}");
        Self { status, reason }
    }
}

/// Why a payment failed.
#[derive(Debug)]
pub(crate) enum PaymentError {
    Declined,
    Busy,
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PaymentError::Declined => "the card was declined",
            PaymentError::Busy => "the bank is busy",
        })
    }
}
