//! How the words of a column are declared: once, with the code that is stored and the name that is shown.

/// Declares an enum that is stored as text: `Variant = "code", "Name for people";`
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($variant:ident = $code:tt, $shown:tt;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(#[sea_orm(string_value = $code)] #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every word there is, in the order of the page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is stored and as files carry it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The word as people read it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $shown),+ }
            }

            /// The word with this code, if there is one.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.code() == code)
            }
        }
    };
}

pub(crate) use words;
