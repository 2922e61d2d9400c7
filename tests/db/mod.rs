//! What the data layer promises on both databases.

mod journal;
mod known;
mod reference;
