impl Service {
    #[honey::event(fields(self_name = 1))]
    fn by_ref(&self) {}

    #[honey::event(fields(id = self.id))]
    fn by_mut(&mut self) -> io::Result<&mut Self> {
        self.id += 1;
        Ok(self)
    }

    #[honey::event]
    async fn by_value(mut self: Box<Self>) -> u32 {
        self.id
    }
}
