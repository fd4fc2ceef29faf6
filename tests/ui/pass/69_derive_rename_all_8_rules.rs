#![deny(warnings)]

use honey::{HoneyFields, HoneyValue};

#[derive(HoneyFields)]
#[honey(rename_all = "lowercase")]
struct Struct0 {
    two_words: u32,
    word: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "lowercase", rename_all_fields = "lowercase")]
enum Enum0 {
    TwoWords { two_words: u32 },
}

#[derive(HoneyValue)]
#[honey(rename_all = "lowercase")]
enum Value0 {
    TwoWords,
}

#[derive(HoneyFields)]
#[honey(rename_all = "UPPERCASE")]
struct Struct1 {
    two_words: u32,
    word: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "UPPERCASE", rename_all_fields = "UPPERCASE")]
enum Enum1 {
    TwoWords { two_words: u32 },
}

#[derive(HoneyValue)]
#[honey(rename_all = "UPPERCASE")]
enum Value1 {
    TwoWords,
}

#[derive(HoneyFields)]
#[honey(rename_all = "PascalCase")]
struct Struct2 {
    two_words: u32,
    word: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "PascalCase", rename_all_fields = "PascalCase")]
enum Enum2 {
    TwoWords { two_words: u32 },
}

#[derive(HoneyValue)]
#[honey(rename_all = "PascalCase")]
enum Value2 {
    TwoWords,
}

#[derive(HoneyFields)]
#[honey(rename_all = "camelCase")]
struct Struct3 {
    two_words: u32,
    word: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Enum3 {
    TwoWords { two_words: u32 },
}

#[derive(HoneyValue)]
#[honey(rename_all = "camelCase")]
enum Value3 {
    TwoWords,
}

#[derive(HoneyFields)]
#[honey(rename_all = "snake_case")]
struct Struct4 {
    two_words: u32,
    word: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "snake_case", rename_all_fields = "snake_case")]
enum Enum4 {
    TwoWords { two_words: u32 },
}

#[derive(HoneyValue)]
#[honey(rename_all = "snake_case")]
enum Value4 {
    TwoWords,
}

#[derive(HoneyFields)]
#[honey(rename_all = "SCREAMING_SNAKE_CASE")]
struct Struct5 {
    two_words: u32,
    word: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "SCREAMING_SNAKE_CASE")]
enum Enum5 {
    TwoWords { two_words: u32 },
}

#[derive(HoneyValue)]
#[honey(rename_all = "SCREAMING_SNAKE_CASE")]
enum Value5 {
    TwoWords,
}

#[derive(HoneyFields)]
#[honey(rename_all = "kebab-case")]
struct Struct6 {
    two_words: u32,
    word: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
enum Enum6 {
    TwoWords { two_words: u32 },
}

#[derive(HoneyValue)]
#[honey(rename_all = "kebab-case")]
enum Value6 {
    TwoWords,
}

#[derive(HoneyFields)]
#[honey(rename_all = "SCREAMING-KEBAB-CASE")]
struct Struct7 {
    two_words: u32,
    word: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind", rename_all = "SCREAMING-KEBAB-CASE", rename_all_fields = "SCREAMING-KEBAB-CASE")]
enum Enum7 {
    TwoWords { two_words: u32 },
}

#[derive(HoneyValue)]
#[honey(rename_all = "SCREAMING-KEBAB-CASE")]
enum Value7 {
    TwoWords,
}

fn main() {
    honey::current().add(&(Struct0 { two_words: 1, word: 2 }, Enum0::TwoWords { two_words: 1 }));
    honey::current().add_field("value", Value0::TwoWords);
    honey::current().add(&(Struct1 { two_words: 1, word: 2 }, Enum1::TwoWords { two_words: 1 }));
    honey::current().add_field("value", Value1::TwoWords);
    honey::current().add(&(Struct2 { two_words: 1, word: 2 }, Enum2::TwoWords { two_words: 1 }));
    honey::current().add_field("value", Value2::TwoWords);
    honey::current().add(&(Struct3 { two_words: 1, word: 2 }, Enum3::TwoWords { two_words: 1 }));
    honey::current().add_field("value", Value3::TwoWords);
    honey::current().add(&(Struct4 { two_words: 1, word: 2 }, Enum4::TwoWords { two_words: 1 }));
    honey::current().add_field("value", Value4::TwoWords);
    honey::current().add(&(Struct5 { two_words: 1, word: 2 }, Enum5::TwoWords { two_words: 1 }));
    honey::current().add_field("value", Value5::TwoWords);
    honey::current().add(&(Struct6 { two_words: 1, word: 2 }, Enum6::TwoWords { two_words: 1 }));
    honey::current().add_field("value", Value6::TwoWords);
    honey::current().add(&(Struct7 { two_words: 1, word: 2 }, Enum7::TwoWords { two_words: 1 }));
    honey::current().add_field("value", Value7::TwoWords);
}
