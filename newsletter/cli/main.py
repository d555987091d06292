"""The command line: finds the command, loads only what it needs, and turns errors into words and exit codes."""

import importlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Every command: where it lives, and its line in --help, so that help loads none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init:init", "Make a workspace that works as it is."),
    "demo": ("demo:demo", "Show the whole job on sample content, to a catcher on this machine."),
    "fetch": ("articles:fetch", "Read the sources into the pool."),
    "articles": ("articles:articles", "List, show, add, search and hide articles."),
    "compose": ("compose:compose", "Pick articles and write an issue."),
    "pull": ("compose:pull", "Refresh an issue's articles; keep what was pinned or rewritten."),
    "edit": ("compose:edit", "Open an issue in your editor."),
    "preview": ("preview:preview", "Show an issue in the browser; reload on save."),
    "check": ("check:check", "Find what must not be sent."),
    "render": ("render:render", "Write an issue's HTML and text to files."),
    "test": ("send:test", "Send an issue to a few addresses."),
    "send": ("send:send", "Send or schedule an issue, or finish what was interrupted."),
    "status": ("send:status", "Show where the sends stand."),
    "pause": ("send:pause", "Stop a send where it is."),
    "resume": ("send:resume", "Go on with a paused send."),
    "cancel": ("send:cancel", "End a send for good; what is queued is never sent."),
    "retry": ("send:retry", "Queue what was refused once more."),
    "resolve": ("send:resolve", "Settle the deliveries that are uncertain."),
    "subscribers": ("people:subscribers", "Import, add, list, show and remove people."),
    "lists": ("people:lists", "Show what people can subscribe to."),
    "segments": ("people:segments", "Show, count and add segments."),
    "explain": ("people:explain", "Say why a person gets an issue, or does not."),
    "serve": ("serve:serve", "Web pages, scheduler and sender in one process."),
    "catch": ("catch:catch", "Catch mail on this machine and show it."),
    "doctor": ("doctor:doctor", "Check settings, database, templates and SMTP."),
    "backup": ("doctor:backup", "Write a consistent copy of the people while everything runs."),
    "completion": ("completion:completion", "Print the shell's completion script."),
}

#: What each kind of error is worth to a script. Everything else is 1.
EXIT_CODES = {
    "usage": 2,
    "address": 2,
    "segment": 2,
    "not-found": 4,
    "refused": 5,
    "try-again": 75,
}
INTERRUPTED = 130


class Commands(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the work, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(f"newsletter.cli.{module}"), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name without loading the commands."""
        names = [
            CompletionItem(name, help=text) for name, (_, text) in COMMANDS.items() if name.startswith(incomplete)
        ]
        return names or click.Command.shell_complete(self, ctx, incomplete)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A first letter: newsletter init my-letter, then cd my-letter, then newsletter compose 2025-06.",
)
@click.option("--workspace", metavar="DIR", help="The letter's folder, if you are not in it.")
@click.version_option(package_name="newsletter")
@click.pass_context
def cli(context: click.Context, workspace: str | None) -> None:
    """Compose a monthly letter from what you published, and send it."""
    context.obj = workspace
    if os.environ.get("NO_COLOR"):
        context.color = False


def main(arguments: "Sequence[str] | None" = None) -> None:
    """Run the command line and exit."""
    wanted = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = cli.main(wanted, standalone_mode=False, prog_name="newsletter")
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left; Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except click.UsageError as error:
        if "--json" in wanted:
            code = _tell_json(error.format_message(), "usage", "see --help")
        else:
            error.show()
            code = EXIT_CODES["usage"]
    except click.ClickException as error:
        code = _tell(error, "--json" in wanted)
    except Exception as error:
        if not _known(error):
            raise
        code = _tell(error, "--json" in wanted)
    sys.exit(code if isinstance(code, int) else 0)


def _known(error: Exception) -> bool:
    """Whether an error speaks to a user; any other is a bug and crashes."""
    from subscribers.errors import ToldError

    return isinstance(error, ToldError | OSError)


def _tell(error: Any, as_json: bool) -> int:
    code = getattr(error, "code", "failure")
    if isinstance(error, OSError):
        what = f"{error.filename or 'the disk'}: {error.strerror or error}"
        remedy = "make room on the disk" if error.errno == 28 else ""
    else:
        what = str(error) if not as_json else (getattr(error, "what", "") or str(error))
        remedy = getattr(error, "remedy", "")
    where = getattr(error, "where", "")
    if as_json:
        return _tell_json(f"{where}: {what}" if where else what, code, remedy)
    click.echo(f"Error: {what}", err=True)
    return EXIT_CODES.get(code, 1)


def _tell_json(message: str, code: str, hint: str) -> int:
    document = {"error": {"code": code, "message": message, "hint": hint}}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    return EXIT_CODES.get(code, 1)
