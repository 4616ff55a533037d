//! The documentation, which is pages of this server.

/// Where it begins.
pub const GUIDE: &str = "/docs/";

/// Makes a list of pages, each of which is a file of the book: the compiler looks for it.
macro_rules! pages {
    ($($(#[$doc:meta])* $page:ident: $name:literal),* $(,)?) => {
        /// A page of the guide that the console leads to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum GuidePage {
            $($(#[$doc])* $page,)*
        }

        const _: &[&[u8]] = &[$(include_bytes!(concat!("../../docs/src/", $name, ".md"))),*];

        impl GuidePage {
            /// Where the server has it.
            pub const fn address(self) -> &'static str {
                match self {
                    $(Self::$page => concat!("/docs/", $name),)*
                }
            }
        }
    };
}

pages! {
    /// From an agent to the tag on the page.
    Site: "site",
    /// Articles.
    Knowledge: "knowledge",
    /// Models and their providers.
    Models: "models",
}
