//! Open Door

pub mod web;
