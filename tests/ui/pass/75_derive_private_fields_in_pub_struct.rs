#![deny(warnings)]

#![deny(missing_docs, unreachable_pub, private_interfaces, private_bounds)]
//! A library's face.

/// Public things.
pub mod shop {
    use honey::{HoneyFields, HoneyValue};

    /// An order.
    #[derive(HoneyFields)]
    pub struct Order<T> {
        id: Id,
        #[honey(flatten)]
        secret: Inner<T>,
        /// What is seen.
        pub total: f64,
    }

    #[derive(HoneyValue)]
    struct Id(u64);

    #[derive(HoneyFields)]
    struct Inner<T> {
        value: T,
    }

    /// Makes one.
    pub fn order() -> Order<u32> {
        Order { id: Id(1), secret: Inner { value: 2 }, total: 9.5 }
    }
}

fn main() {
    let order = shop::order();
    honey::current().add(&order);
    assert!(order.total > 9.0);
}
