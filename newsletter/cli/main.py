"""The command line: finds the command, loads only what it needs, and turns errors into words and exit codes."""

import errno
import gc
import importlib
import json
import os
import re
import signal
import sys
from contextlib import suppress
from io import StringIO, TextIOWrapper
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A byte from outside that is no UTF-8, as Python keeps it in an argument or the name of a file (PEP 383).
UNDECODED = re.compile("[\udc80-\udcff]")
#: Every command: where it lives, and its line in --help, so that help loads none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("run.init:init", "Make a workspace that works as it is."),
    "demo": ("run.demo:demo", "Show the whole job on sample content, to a catcher on this machine."),
    "fetch": ("collect.fetch:fetch", "Read the sources into the pool."),
    "articles": ("collect.articles:articles", "List, show, add, search, pin, hold and hide articles."),
    "compose": ("compose.compose:compose", "Pick articles and write an issue."),
    "pull": ("compose.compose:pull", "Refresh an issue's articles; keep what was pinned or rewritten."),
    "issues": ("compose.overview:issues", "List the issues, and how far each is."),
    "edit": ("compose.compose:edit", "Open an issue in your editor."),
    "preview": ("look.preview:preview", "Show an issue in the browser; reload on save."),
    "check": ("look.check:check", "Find what must not be sent."),
    "render": ("look.render:render", "Write an issue's HTML and text to files."),
    "themes": ("look.themes:themes", "List, show and copy the looks of a letter."),
    "test": ("send.trial:test", "Send an issue to a few addresses."),
    "approve": ("plan.approve:approve", "Say yes to an issue as it stands, so that nothing else is sent."),
    "send": ("send.send:send", "Send or schedule an issue, or finish what was interrupted."),
    "status": ("steer.status:status", "Show where the sends stand."),
    "pause": ("steer.steering:pause", "Stop a send where it is."),
    "resume": ("steer.steering:resume", "Go on with a paused send."),
    "cancel": ("steer.steering:cancel", "End a send for good; what is queued is never sent."),
    "retry": ("steer.settling:retry", "Queue what was refused once more."),
    "resolve": ("steer.settling:resolve", "Settle the deliveries that are uncertain."),
    "report": ("back.report:report", "Show what came of an issue: reached, came back, opened, left."),
    "feedback": ("back.feedback:feedback", "Read bounces, complaints and answers; show what one message says."),
    "subscribers": ("people.people:subscribers", "Import, add, list, show and remove people."),
    "consent": ("people.ledger:consent", "Show and verify the ledger of consent."),
    "lists": ("people.lists:lists", "Show, count and add what people can subscribe to."),
    "form": ("people.form:form", "Print a signup form for your own web site."),
    "segments": ("people.segments:segments", "Show, count and add segments."),
    "suppressions": (
        "people.suppressions:suppressions",
        "List who is never mailed again, and why; take one back.",
    ),
    "explain": ("plan.explaining:explain", "Say why a person gets an issue, or does not."),
    "schedule": ("compose.schedule:schedule", "Let issues come again: add, list, show what is next, remove."),
    "archive": ("back.archive:archive", "Write the sent issues as pages for any web server."),
    "serve": ("run.serve:serve", "Web pages, scheduler and sender in one process."),
    "catch": ("run.catch:catch", "Catch mail on this machine and show it."),
    "doctor": ("run.doctor:doctor", "Check settings, database, templates and SMTP."),
    "dkim": ("send.dkim:dkim", "Make the keys that sign mail, and show their DNS records."),
    "keys": ("run.keys:keys", "List and rotate the keys that links are signed with."),
    "backup": ("run.doctor:backup", "Write a consistent copy of the people while everything runs."),
    "restore": ("run.restore:restore", "Put a copy of the people back; who left since stays out."),
    "docs": ("docs:docs", "Read the documentation."),
    "completion": ("completion:completion", "Print the shell's completion script."),
}

#: What each kind of error is worth to a script. Everything else is 1.
EXIT_CODES = {
    "usage": 2,
    "address": 2,
    "segment": 2,
    "not-found": 4,
    "refused": 5,
    "nothing-new": 7,
    "try-again": 75,
    "interrupted": 130,
}

#: What to do where the system refuses.
REMEDIES = {
    errno.EACCES: "mend its permissions, or run the command as its owner",
    errno.EPERM: "mend its permissions, or run the command as its owner",
    errno.EROFS: "write to another disk; this one can only be read",
    errno.ENOSPC: "make room on the disk, then run the command again",
    errno.EDQUOT: "make room on the disk, then run the command again",
}


#: So many names are told of what can stand in a place.
OFFERED = 5

#: The variable of the environment by which a shell asks what may come next, as click calls it.
ASKS = "_NEWSLETTER_COMPLETE"


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
        # What is loaded stays: looking through it for garbage again and again is a tenth of a command's start.
        gc.disable()
        command = getattr(importlib.import_module(f"newsletter.cli.{module}"), name)
        gc.freeze()
        gc.enable()
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            # From here on Ctrl-C is a word to the command (newsletter/__main__.py).
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called. Raise NoSuchCommand, which names those that are written like it.

        ``help send`` is ``send --help``, as many other programs have it; ``help settings`` is ``docs settings``.
        """
        if ctx.resilient_parsing and args[0] == "help":
            # Tab: what follows is a command as it stands.
            return super().resolve_command(ctx, args[1:]) if args[1:] else (None, None, args)
        if args == ["help"]:
            click.echo(ctx.get_help(), color=ctx.color)
            ctx.exit()
        if args[0] == "help":
            args = ["docs", *args[1:]] if _page(args[1]) else [*args[1:], "--help"]
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

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
    epilog="A first letter: newsletter init my-letter, cd my-letter, newsletter fetch, newsletter compose 2025-06",
)
@click.option(
    "--workspace",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="The letter's folder, if you are not in it.",
)
@click.version_option(package_name="newsletter")
@click.pass_context
def cli(context: click.Context, workspace: str | None) -> None:
    """Compose a monthly letter from what you published, and send it."""
    if workspace == "":
        # A script whose variable is not set means another letter than the one that it happens to stand in.
        raise click.UsageError("--workspace is empty; name the letter's folder, or leave it out")
    context.obj = workspace
    if os.environ.get("NO_COLOR"):
        context.color = False


def _page(word: str) -> bool:
    """Whether *word* is a page of the documentation and no command."""
    from newsletter.files import shipped

    return word not in COMMANDS and word in shipped.pages()


def main(arguments: "Sequence[str] | None" = None) -> None:
    """Run the command line and exit."""
    try:
        _run(arguments)
    except KeyboardInterrupt:
        # A second Ctrl-C, while we leave because of the first.
        os._exit(EXIT_CODES["interrupted"])


def _run(arguments: "Sequence[str] | None") -> None:
    """Run the command line, and leave with the code that fits."""
    wanted = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in wanted
    if ASKS in os.environ:
        from newsletter.cli import completion

        completion.register()
    try:
        _opened()
        for stream in (sys.stdout, sys.stderr):
            # A terminal of an older encoding lacks some of our signs; a question mark is better than no report.
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")
        code = _called(wanted)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        # The terminal has just shown ^C, or a question that nobody answered.
        if sys.stderr.isatty():
            with suppress(OSError):
                click.echo(err=True)
        code = _tell("interrupted", "", "interrupted", "", as_json)
    except BrokenPipeError:
        # The reader of our output has left.
        code = 1
    except click.exceptions.NoArgsIsHelpError as error:
        # A group alone shows what is in it.
        with suppress(OSError):
            error.show()
        code = EXIT_CODES["usage"]
    except click.UsageError as error:
        if error.ctx and not as_json:
            with suppress(OSError):
                click.echo(f"{error.ctx.get_usage()}\n", err=True)
        path = error.ctx.command_path if error.ctx else "newsletter"
        what, meant = _words(error)
        quotes = "quote what has spaces, or " if what.startswith("got unexpected extra") else ""
        what, offered = _missing(error) if isinstance(error, click.MissingParameter) else (what, "")
        code = _tell("usage", "", what, meant or f"{offered}{quotes}see `{path} --help`", as_json)
    except click.ClickException as error:
        code = _tell("failure", "", *_words(error), as_json)
    except OSError as error:
        what = (error.strerror or str(error)).lower()  # "Is a directory" stands within a sentence
        code = _tell("failure", str(error.filename or ""), what, REMEDIES.get(error.errno or 0, ""), as_json)
    except Exception as error:
        code = _told(error, as_json)
    _let_go()
    sys.exit(code if isinstance(code, int) else 0)


def _called(wanted: "list[str]") -> object:
    """Call the command. Of what failed side by side (PEP 654) the first is raised, as if it had been alone."""
    try:
        return cli.main(wanted, standalone_mode=False, prog_name="newsletter")
    except ExceptionGroup as group:
        error: Exception = group
        while isinstance(error, ExceptionGroup):
            error = error.exceptions[0]
        raise error from None


def _opened() -> None:
    """Give a program that was started with closed streams empty ones: a file would take their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free, which this one is, is the one that is given.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


def _let_go() -> None:
    """Drop what the streams do not take: Python would try once more as it ends, and end with a code of its own."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        try:
            if stream:
                stream.flush()
        except OSError:
            setattr(sys, name, StringIO())


def _words(error: click.ClickException) -> tuple[str, str]:
    """Return what click says, and what it guesses was meant, as all other messages are written."""
    said = re.sub(r"'([^'\n]*)'", r"“\1”", " ".join(error.format_message().split())).removesuffix(".")
    said = re.sub(r"in the range (\S+)<=x<=(\S+)$", r"between \1 and \2", said)
    said = re.sub(r"is not a valid (integer|float)(?: range)?$", _number, said)
    said = re.sub(r"in the range x>=(\S+)$", r"\1 or more", said)
    what, *meant = re.split(r" \(?Did you mean (?:one of: )?", said, maxsplit=1)
    guess = f"did you mean {_nearest(error) or meant[0].removesuffix(')')}" if meant else ""
    guess = _otherwise(error) or guess
    return what[:1].lower() + what[1:].removesuffix("."), guess


def _number(kind: re.Match[str]) -> str:
    return f"is no {'whole ' if kind[1] == 'integer' else ''}number"


def _otherwise(error: click.ClickException) -> str:
    """Return what somebody means who knows other programs, "" for what is no word of those."""
    from newsletter.cli import otherwise

    context = error.ctx if isinstance(error, click.UsageError) else None
    name = context.info_name or "" if context and context.parent else ""
    match error:
        case click.NoSuchCommand(command_name=typed):
            meant = otherwise.command(name, typed)
        case click.NoSuchOption(option_name=typed):
            meant = tuple(filter(None, (otherwise.option(name, typed),)))
        case _:
            meant = ()
    return f"did you mean {', '.join(f'“{one}”' for one in meant)}?" if meant else ""


def _nearest(error: click.ClickException) -> str:
    """Return the names that click guesses, nearest first, where it lists them by the alphabet; else ""."""
    match error:
        case click.NoSuchCommand(command_name=typed, possibilities=[_, *_] as close):
            pass
        case click.NoSuchOption(option_name=typed, possibilities=[_, *_] as close):
            pass
        case _:
            return ""
    # They come as near as their letters in a row are; the same letters in another order are a slip of two fingers.
    nearest = sorted(close, key=lambda name: sorted(name) != sorted(typed))
    return ", ".join(f"“{name}”" for name in nearest) + "?"


def _missing(error: click.MissingParameter) -> tuple[str, str]:
    """Return what was not said, and some of what it can be: what Tab would offer in its place."""
    what, _ = _words(error)
    asked = error.param
    if not asked or not error.ctx or " Choose from: " in what:
        return what, ""
    # A file's name is offered by the shell itself.
    offered = [item.value for item in asked.shell_complete(error.ctx, "") if item.type == "plain"][:OFFERED]
    if asked.name == "slug":
        what = "name an issue, such as 2025-06"
    return what, f"there are: {', '.join(offered)}; " if offered else ""


def _told(error: Exception, as_json: bool) -> int:
    """Tell an error that speaks to a user; any other is a bug and crashes."""
    from subscribers.errors import ToldError, cited
    from subscribers.store.file.trouble import told

    if isinstance(error, UnicodeEncodeError) and UNDECODED.search(error.object):
        remedy = "let the terminal speak UTF-8, or give the file another name"
        return _tell("usage", "", f"{cited(error.object[:60])} is not written in UTF-8", remedy, as_json)
    if not isinstance(error, ToldError):
        fault = told(error, "the workspace's database")
        if fault is None:
            raise error
        error = fault
    if as_json:
        return _tell(error.code, error.where, error.what, error.remedy, as_json)
    return _tell(error.code, "", str(error), "", as_json)


def _tell(code: str, where: str, what: str, remedy: str, as_json: bool) -> int:
    """Say what went wrong, on stdout for programs and on stderr for people. Return the exit code."""
    if where:
        what = f"{where}: {what}"
    if as_json:
        document = {"error": {"code": code, "message": what, "hint": remedy}}
        # What failed may be stdout itself.
        with suppress(OSError):
            click.echo(json.dumps(document, ensure_ascii=False, indent=2))
            return EXIT_CODES.get(code, 1)
    from newsletter.cli.terminal import say

    say(f"Error: {what}{'; ' if remedy else ''}{remedy}", hang=len("Error: "))
    return EXIT_CODES.get(code, 1)
