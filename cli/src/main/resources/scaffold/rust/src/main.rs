//! A policy is a command-line program: the host names the task in the only argument, writes one JSON
//! document to stdin and reads the answer from stdout. What goes to stderr is shown to the user when
//! the exit code is not 0. This file speaks that protocol; policy.rs decides.

mod policy;

use std::io::Read;
use std::process::ExitCode;

fn main() -> ExitCode {
    let task: Vec<String> = std::env::args().skip(1).collect();
    let mut input = String::new();
    let answer = std::io::stdin()
        .read_to_string(&mut input)
        .map_err(|e| format!("cannot read stdin: {e}"))
        .and_then(|_| match task.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["validate"] => policy::validate(&input),
            ["validate-settings"] => Ok(policy::validate_settings(&input)),
            _ => Err("usage: policy.wasm validate|validate-settings <input.json".to_string()),
        });
    match answer {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
