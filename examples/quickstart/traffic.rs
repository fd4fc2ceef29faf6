//! The customers. Always the same ones: what they do comes from a generator with a fixed seed.

use std::panic;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::order::{Card, Network, Order, Sku};
use crate::shop::{self, SOLD_OUT};

const CUSTOMERS: u64 = 8;
const VISITS: u64 = 13;
/// After this the impatient customer gives up.
const PATIENCE: Duration = Duration::from_millis(250);

pub(crate) const TEAS: [(Sku, f64); 4] = [
    (Sku("assam"), 12.5),
    (Sku("sencha"), 19.0),
    (Sku("darjeeling"), 24.0),
    (Sku("rooibos"), 9.9),
];

/// One of the requests panics, which is a part of the show. Its message would look like a failure of this example, so it
/// is not printed; all others are.
pub(crate) fn silence_planned_panic() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or("", |place| place.file());
        if !place.ends_with("shop.rs") {
            print(info);
        }
    }));
}

/// Lets all customers shop at once, and ends when the last has left and has his mail.
pub(crate) async fn customers() {
    let mut customers = JoinSet::new();
    for user_id in 1..=CUSTOMERS {
        customers.spawn(shop_around(user_id));
    }
    // A server catches what a request panics with, and so does a task of tokio.
    customers.spawn(async {
        shop::average_rating(vec![5, 4, 5]).await;
        shop::average_rating(Vec::new()).await;
    });
    while customers.join_next().await.is_some() {}
}

async fn shop_around(user_id: u64) {
    let mut dice = Dice(user_id);
    for visit in 0..VISITS {
        sleep(Duration::from_millis(dice.below(30))).await;
        for _ in 0..dice.below(4) {
            let (tea, _) = TEAS[dice.below(TEAS.len())];
            shop::product(tea, dice.below(4) != 0).await;
        }
        let order = order(user_id, visit, &mut dice);
        let is_impatient = order.card.number == Card::SLOW;
        let patience = if is_impatient {
            PATIENCE
        } else {
            Duration::MAX
        };
        // When the time is up the checkout's future is dropped: its events end as `cancelled`.
        if let Ok(Ok(receipt)) = timeout(patience, shop::checkout(user_id, &order)).await {
            // The mail may fail; the shop only waits for it before it closes.
            let _ = receipt.mail.await;
        }
    }
}

/// Mostly an ordinary order; some customers have their troubles, always the same.
fn order(user_id: u64, visit: u64, dice: &mut Dice) -> Order {
    let basket: Vec<_> = (0..=dice.below(3))
        .map(|_| TEAS[dice.below(TEAS.len())])
        .collect();
    let mut order = Order {
        id: 1_000 + 10 * visit + user_id,
        items: basket.iter().map(|(sku, _)| *sku).collect(),
        total: basket.iter().map(|(_, price)| price).sum(),
        coupon: (visit == 3).then_some("TEA-TIME"),
        card: Card {
            network: match user_id % 2 {
                0 => Network::Visa,
                _ => Network::Mastercard,
            },
            number: Card::GOOD,
        },
    };
    match (user_id, visit) {
        (1, 4) => {
            order.items = vec![Sku("sencha"), Sku("darjeeling")];
            order.total = 43.0;
            order.card.number = Card::BUSY_AT_FIRST;
        }
        (2, 2) | (3, 6) | (7, 1) => order.card.number = Card::DECLINED,
        (4, 5) => order.card.number = Card::SLOW,
        (5, 3) | (6, 7) => order.items.push(SOLD_OUT),
        _ => {}
    }
    order
}

/// A small generator, so that every run is the same.
struct Dice(u64);

impl Dice {
    /// A number from 0 to `n` - 1.
    fn below<N: TryFrom<u64> + TryInto<u64> + Default>(&mut self, n: N) -> N {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let n = n.try_into().unwrap_or(1).max(1);
        N::try_from((self.0 >> 33) % n).unwrap_or_default()
    }
}
