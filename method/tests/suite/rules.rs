//! For each rule, a table of cases: every verdict, every severity, the days on both sides of each boundary.

mod cov_1;
mod cov_2;
mod dat_1;
mod dep_1;
mod dep_2;
mod evd_1;
mod geo_1;
mod opn_1;
mod opn_2;
mod pln_1;
mod pln_2;
mod rec_1;
