#![deny(warnings)]

macro_rules! declare {
    ($name:ident { $($field:ident : $type:ty),* $(,)? } $kind:ident { $($variant:ident),* }) => {
        #[derive(honey::HoneyFields)]
        #[honey(prefix = "made.")]
        struct $name {
            $($field: $type,)*
            #[honey(skip_if = Option::is_none)]
            own: Option<u32>,
        }

        #[derive(honey::HoneyValue)]
        #[honey(rename_all = "snake_case")]
        enum $kind { $($variant),* }
    };
}

declare! { Made { id: u64, r#type: Option<&'static str>, own_too: f32 } Kind { First, Second } }

fn main() {
    honey::current().add(&Made { id: 1, r#type: None, own_too: 0.5, own: None });
    for kind in [Kind::First, Kind::Second] {
        honey::current().add_field("kind", kind);
    }
}
