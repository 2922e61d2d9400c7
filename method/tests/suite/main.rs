//! The method's tests, in one program. `make` builds small records in memory, `random` draws whole valid ones, `second`
//! reads the method page a second time, slowly, to compare with.

mod assessment;
mod disclosure;
mod make;
mod properties;
mod random;
mod record;
mod refusals;
mod rules;
mod second;
mod verdicts;
mod words;
