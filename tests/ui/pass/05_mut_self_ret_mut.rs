#![deny(warnings)]

#[derive(Default)]
struct Stack {
    items: Vec<u32>,
}

impl Stack {
    #[honey::event(err)]
    fn top(&mut self) -> Result<&mut u32, String> {
        self.items.last_mut().ok_or_else(|| "empty".to_owned())
    }

    #[honey::event(ret(len = |it| it.items.len()))]
    fn push(&mut self, item: u32) -> &mut Self {
        self.items.push(item);
        self
    }

    #[honey::event]
    fn into_items(mut self) -> Vec<u32> {
        self.items.push(0);
        self.items
    }

    #[honey::event]
    fn boxed(self: Box<Self>) -> std::io::Result<Vec<u32>> {
        Ok(self.items)
    }
}

#[honey::event(err)]
fn first(list: &mut [u32]) -> Result<&mut u32, &'static str> {
    list.first_mut().ok_or("empty")
}

fn main() {
    let mut stack = Stack::default();
    assert!(stack.top().is_err());
    *stack.push(1).push(2).top().unwrap() += 1;
    assert_eq!(stack.into_items(), [1, 3, 0]);
    assert!(Box::<Stack>::default().boxed().unwrap().is_empty());
    assert_eq!(first(&mut [4]), Ok(&mut 4));
}
