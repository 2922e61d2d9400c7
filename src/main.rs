//! The program: parse, call, exit.

use std::process::ExitCode;

use clap::Parser as _;
use opendoor::command::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
