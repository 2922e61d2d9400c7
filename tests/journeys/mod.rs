//! What the product is for, from one end to the other: across nouns, as people go.

mod a_gap_closes;
mod asked_too_often;
