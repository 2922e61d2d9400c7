//! What the data layer promises on both databases.

mod head;
mod journal;
mod known;
mod reference;
