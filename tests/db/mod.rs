//! What the data layer promises on both databases.

mod journal;
mod reference;
