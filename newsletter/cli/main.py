"""The command line: finds the command, loads only what it needs, and leaves with the code that fits."""

import gc
import importlib
import os
import signal
import sys
from io import StringIO, TextIOWrapper
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from newsletter.cli import failing

if TYPE_CHECKING:
    from collections.abc import Sequence

#: So many open files a command may need: `serve` as it starts has more than twenty, and each who asks is one.
FILES = 64

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
    "test": ("send.testmail:test", "Send an issue to a few addresses."),
    "approve": ("plan.approve:approve", "Say yes to an issue as it stands, so that nothing else is sent."),
    "send": ("send.send:send", "Send or schedule an issue, or finish what was interrupted."),
    "status": ("steer.status:status", "Show where the sends stand."),
    "pause": ("steer.steering:pause", "Stop a send where it is."),
    "resume": ("steer.steering:resume", "Go on with a paused send."),
    "cancel": ("steer.steering:cancel", "End a send for good; what is queued is never sent."),
    "retry": ("steer.settling:retry", "Queue what was refused once more."),
    "resolve": ("steer.settling:resolve", "Settle the deliveries that are uncertain."),
    "report": ("back.report:report", "Show what came of an issue: reached, came back, opened, left."),
    "relink": ("back.relink:relink", "Let a link of an issue that was sent lead to another page."),
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
        os._exit(failing.EXIT_CODES["interrupted"])


def _run(arguments: "Sequence[str] | None") -> None:
    """Run the command line, and leave with the code that fits."""
    wanted = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in wanted
    if ASKS in os.environ:
        from newsletter.cli import completion

        completion.register()
    try:
        _opened()
        _roomy()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors=_lacking(stream))
        code = _called(wanted)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except BrokenPipeError:
        # The reader of our output has left.
        code = 1
    except (Exception, KeyboardInterrupt) as error:
        code = failing.tell(error, as_json)
    _let_go()
    sys.exit(code if isinstance(code, int) else 0)


def _lacking(stream: TextIOWrapper) -> str:
    """Return how *stream* shows what its encoding lacks: a terminal of an older one lacks some of our signs."""
    if stream.encoding.lower().startswith("utf"):
        return "replace"
    from newsletter.cli import signs

    return signs.LIKEST


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


def _roomy() -> None:
    """Raise NewsletterError where so few files may be open that a command would end in the middle of its work."""
    import resource

    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < FILES:
        from newsletter.errors import NewsletterError

        remedy = "allow more with `ulimit -n 4096`, or LimitNOFILE= of a service"
        raise NewsletterError(f"only {most} files may be open at once, and {FILES} are needed", remedy=remedy)


def _let_go() -> None:
    """Drop what the streams do not take: Python would try once more as it ends, and end with a code of its own."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        try:
            if stream:
                stream.flush()
        except OSError:
            setattr(sys, name, StringIO())
