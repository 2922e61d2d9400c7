//! Closed lists of words: what a file may say, and what a person reads.

/// Declares an enum of the words that a field may hold: each with its code, which is what files say, and its name, which
/// is what people read. `noun` is what one of them is, for the reason of a refusal.
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident: $noun:literal {
        $($(#[$variant_meta:meta])* $variant:ident = $code:literal, $label:literal;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* #[doc = concat!($label, " (`", $code, "`)")] $variant,)+
        }

        impl $name {
            /// All of them, in the order of the method page.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// What files, addresses and the database say.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What people read, as it stands at the start of a line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// The one with this code, if there is one.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            /// Writes the code.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl $crate::json::Field for $name {
            fn read(
                reader: &mut $crate::json::Reader<'_>,
            ) -> Result<$crate::json::Got<Self>, $crate::json::Broken> {
                let Some(text) = reader.text()? else { return Ok($crate::json::Got::Refused) };
                if text.is_empty() {
                    return Ok($crate::json::Got::Nothing);
                }
                if let Some(word) = Self::parse(&text) {
                    return Ok($crate::json::Got::Value(word));
                }
                reader.refuse(format!(concat!("unknown ", $noun, " {}"), $crate::json::excerpt(&text)));
                Ok($crate::json::Got::Refused)
            }

            fn absent() -> Option<Self> {
                $crate::json::codes!(@absent $name)
            }

            fn check(&self, _: &mut $crate::json::Trail) {}

            fn write(&self, out: &mut $crate::json::Out) {
                out.quoted(self.code());
            }

            fn order(&self, other: &Self) -> std::cmp::Ordering {
                self.code().cmp(other.code())
            }
        }
    };
    // The two words that mean something when they are absent.
    (@absent Substantial) => { Some(Self::Undecided) };
    (@absent Publication) => { Some(Self::Unpublished) };
    (@absent $name:ident) => { None };
}

pub(crate) use codes;
