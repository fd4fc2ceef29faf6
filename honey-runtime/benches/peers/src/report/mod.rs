//! t
pub(crate) fn write(_: &crate::options::Options) -> crate::peer::Result<()> {
    Ok(())
}
