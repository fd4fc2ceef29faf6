#[derive(honey::HoneyValue)]
#[honey(rename_all = "snake_case")]
enum Payment {
    CreditCard,
    #[honey(rename = "cod")]
    CashOnDelivery,
    #[cfg(feature = "vouchers")]
    Voucher,
}

#[derive(honey::HoneyValue)]
struct Id<T>(T, PhantomData<fn()>);

#[derive(honey::HoneyValue)]
struct Peer {
    #[honey(display)]
    address: IpAddr,
}

#[derive(honey::HoneyValue)]
enum Never {}
