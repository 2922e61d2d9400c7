//! The program: parse, call, exit.

use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;
use opendoor::command::Cli;

#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    Cli::parse().run()
}
