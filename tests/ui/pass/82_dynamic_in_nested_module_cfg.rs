#![deny(warnings)]

mod outer {
    pub mod inner {
        #[honey::dynamic_field(name = "inner.value")]
        fn nested() -> u32 {
            1
        }

        #[cfg(any())]
        #[honey::dynamic_field]
        fn never_there() -> NoSuchType {
            missing()
        }

        #[honey::dynamic_field]
        #[cfg(any())]
        fn never_there_either() -> NoSuchType {
            missing()
        }

        pub fn total() -> u32 {
            nested()
        }
    }
}

fn main() {
    let fields = honey::dynamic_fields();
    assert_eq!(fields.len(), 1);
    assert!(fields[0].module().ends_with("outer::inner"));
    assert_eq!(outer::inner::total(), 1);
}
