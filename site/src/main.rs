//! The command line: `build`, `serve`, `check` and `model`.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use site::{Options, build, checkup, commands, kept, serve, terminal};

/// Policy briefs and datasets in, a static site with a policy explorer out.
#[derive(Parser)]
#[command(name = "levers", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site.
    Build(BuildArguments),
    /// Build the site, show it on this machine and follow changes.
    Serve(ServeArguments),
    /// Find all mistakes of the site without writing anything.
    Check(CheckArguments),
    /// Run and question the policy model.
    #[command(subcommand)]
    Model(Box<commands::Command>),
}

#[derive(Args)]
struct BuildArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Print diagnostics as JSON, one a line, on standard output.
    #[arg(long)]
    json: bool,
    /// Say nothing unless something is wrong.
    #[arg(long)]
    quiet: bool,
}

#[derive(Args)]
struct ServeArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// The port on this machine.
    #[arg(long, default_value_t = 4000)]
    port: u16,
}

#[derive(Args)]
struct CheckArguments {
    #[command(flatten)]
    input: InputArguments,
    #[command(flatten)]
    questions: checkup::Questions,
}

#[derive(Args)]
struct SiteArguments {
    #[command(flatten)]
    input: InputArguments,
    /// Where the site goes; public/ in the root if not given.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Args)]
struct InputArguments {
    /// The folder that holds content/ and data/.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// The moment at which the site is read, as 2026-11-21 or 2026-11-21T09:00:00Z: later texts are left out.
    #[arg(long, value_name = "INSTANT", value_parser = day)]
    clock: Option<Date>,
    /// The address the site will have, if not the one in content/site.toml.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Build(arguments) => run_build(&arguments),
        Command::Serve(arguments) => run_serve(arguments),
        Command::Check(arguments) => {
            let options = options(&arguments.input, None);
            say(&checkup::answer(&options, &arguments.questions, terminal::style(), &terminal::progress))
        }
        Command::Model(command) => say(&commands::answer(&command, terminal::style())),
    }
}

fn run_build(arguments: &BuildArguments) -> ExitCode {
    let options = options(&arguments.site.input, arguments.site.out.as_deref());
    let silent = arguments.quiet;
    let result = build(&options, &|doing| {
        if !silent {
            terminal::progress(doing);
        }
    });
    if arguments.json {
        print!("{}", terminal::json(&result.diagnostics, &result.sources));
    } else {
        eprint!("{}", terminal::mistakes(&result, terminal::style()));
    }
    match &result.published {
        Some(published) => {
            if !silent {
                eprint!("{}", terminal::summary(published, &options.out));
            }
            ExitCode::SUCCESS
        }
        None => ExitCode::FAILURE,
    }
}

fn run_serve(arguments: ServeArguments) -> ExitCode {
    let mut options = options(&arguments.site.input, arguments.site.out.as_deref());
    options.base_url.get_or_insert_with(|| format!("http://127.0.0.1:{}/", arguments.port));
    match serve::serve(options, arguments.port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the site cannot be served: {error}");
            ExitCode::FAILURE
        }
    }
}

fn say(answer: &commands::Answer) -> ExitCode {
    eprint!("{}", answer.mistakes);
    match io::stdout().write_all(answer.text.as_bytes()) {
        Ok(()) => {}
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => {
            eprintln!("the answer cannot be written: {error}");
            return ExitCode::FAILURE;
        }
    }
    if answer.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn options(arguments: &InputArguments, out: Option<&Path>) -> Options {
    let workspace = workspace();
    Options {
        out: out.map_or_else(|| arguments.root.join("public"), Path::to_path_buf),
        root: arguments.root.clone(),
        today: arguments.clock.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date()),
        base_url: arguments.base_url.clone(),
        kept: Some(kept::folder(&workspace)),
        workspace,
    }
}

/// The checkout this program was compiled from.
fn workspace() -> PathBuf {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    package.parent().map_or_else(|| package.clone(), PathBuf::from)
}

/// A day, or the day in UTC of an instant.
fn day(text: &str) -> Result<Date, String> {
    let instant = || text.parse::<Timestamp>().map(|instant| instant.to_zoned(TimeZone::UTC).date());
    let date = if text.contains('T') { instant().ok() } else { text.parse().ok() };
    date.ok_or_else(|| "write a day as 2026-11-21 or an instant as 2026-11-21T09:00:00Z".to_owned())
}
