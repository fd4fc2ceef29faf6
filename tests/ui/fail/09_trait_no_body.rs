trait Store {
    #[honey::event]
    fn get(&self) -> u32;
}

struct Fixed;

impl Store for Fixed {
    fn get(&self) -> u32 {
        1
    }
}

fn main() {
    assert_eq!(Fixed.get(), 1);
}
