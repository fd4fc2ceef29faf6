#[derive(honey::HoneyFields)]
#[honey(prefix = "order.", rename_all = "camelCase")]
struct Order<'a, T: Clone, I: Iterator, const N: usize>
where
    I: Debug,
{
    order_id: u64,
    #[honey(rename = "total_usd")]
    total: f64,
    #[honey(skip)]
    card: String,
    customer: Option<&'a str>,
    #[honey(display)]
    value: Option<T>,
    #[honey(flatten, prefix = "ship.")]
    address: Address,
    #[honey(skip_if = Vec::is_empty, len)]
    items: Vec<I::Item>,
    #[honey(unit = ms)]
    waited: Duration,
    #[honey(with = text_of)]
    other: Other,
    #[honey(json)]
    tree: [T; N],
    r#type: u8,
    first: I::Item,
    marker: PhantomData<T>,
}

#[derive(honey::HoneyFields)]
struct Unit;

#[derive(honey::HoneyFields)]
struct Pair(#[honey(rename = "left")] u32, #[honey(skip)] u32);
