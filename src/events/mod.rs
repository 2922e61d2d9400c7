//! Events: what took place, who took part, and what was said.

pub mod numbers;
