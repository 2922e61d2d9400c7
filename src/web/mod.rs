//! The web.
pub mod assets;
pub mod fields;
pub mod filters;
pub mod layers;
pub mod page;
