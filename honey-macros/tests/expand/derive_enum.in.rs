#[derive(honey::HoneyFields)]
#[honey(tag = "kind", rename_all = "snake_case")]
enum Event<T> {
    Started,
    Moved {
        from_x: T,
        #[honey(skip)]
        to: u32,
    },
    #[honey(rename = "gone")]
    Ended(#[honey(rename = "code")] i32, #[honey(flatten)] More),
}
