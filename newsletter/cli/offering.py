"""What Tab offers while a command is typed: the issues, sends, lists and the like of the workspace.

It only looks: no file is made, and a fault is left to the command, which tells it better than half a line can.
The options that choose readers stand here too: each is of several commands, and offers the same in all.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial, wraps
from pathlib import Path

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from newsletter.cli.terminal import Command
from newsletter.errors import UsageError
from newsletter.files import workspace
from newsletter.files.workspace import Workspace

#: So many articles are offered: a few months' worth.
MOST = 200
#: A word, and what a shell may show beside it.
Offered = Iterable[tuple[str, str]]
#: What click asks for the value of one parameter.
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _offers(find: Callable[[Workspace], Offered]) -> Completer:
    """Make *find* complete a parameter: with those of its words that begin as the typed one does."""

    @wraps(find)
    def complete(context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
        try:
            # While a line is completed no command has run, so the option stands where it was read.
            here = workspace.find(Path(context.find_root().params.get("workspace") or "."))
            offered = list(find(here))
        except Exception:  # whatever it is: a traceback would land in the line that is being typed
            return []
        return [CompletionItem(word, help=words) for word, words in offered if word.startswith(typed)]

    return complete


@_offers
def issues(here: Workspace) -> Offered:
    """Offer the issues, the one that was saved last first."""
    from newsletter.files import issues

    return [(slug, "") for slug in issues.saved(here.root)]


@_offers
def articles(here: Workspace) -> Offered:
    """Offer the newest articles, each by the end of its key: a colon or a slash parts words in some shells."""
    from newsletter.files.pool.pool import Pool

    if not here.pool.exists():
        return []
    with Pool(here.pool) as pool:
        found = [*pool.articles(limit=MOST), *pool.articles(limit=MOST, hidden=True)]
    return [(short, one.title) for one in found if (short := re.split("[:/]", one.key)[-1])]


@_offers
def sends(here: Workspace) -> Offered:
    """Offer the sends, the latest first, by their numbers and their issues."""
    found = _sends(here)
    return [*((number, f"{issue}, {state}") for number, issue, state in found), *_slugs(found)]


@_offers
def sent(here: Workspace) -> Offered:
    """Offer the issues that were sent, or are under way."""
    return _slugs(_sends(here))


@_offers
def lists(here: Workspace) -> Offered:
    """Offer the lists of the settings."""
    return _lists(here)


@_offers
def segments(here: Workspace) -> Offered:
    """Offer the named segments."""
    return _segments(here)


@_offers
def excluded(here: Workspace) -> Offered:
    """Offer what can be left out of an audience: segments, lists, earlier issues."""
    return [*_segments(here), *_lists(here), *_slugs(_sends(here))]


@_offers
def sources(here: Workspace) -> Offered:
    """Offer the sources of the settings."""
    return [(one.name, one.url) for one in here.settings.sources]


@_offers
def topics(here: Workspace) -> Offered:
    """Offer the topics of the settings."""
    return [(one.slug, one.title()) for one in here.settings.topics]


@_offers
def languages(here: Workspace) -> Offered:
    """Offer the letter's languages."""
    return [(code, "") for code in here.settings.letter.languages]


@_offers
def themes(here: Workspace) -> Offered:
    """Offer the themes, of the letter and shipped."""
    from newsletter.files.looks import themes

    return [(name, "") for name in themes.names(here.templates)]


@_offers
def schedules(here: Workspace) -> Offered:
    """Offer what comes again."""
    from newsletter.files import schedules

    return [(one.name, "") for one in schedules.load(here)]


def pages(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the pages of the documentation; they are there without a workspace."""
    from newsletter.files import shipped

    return [CompletionItem(name) for name in shipped.pages() if name.startswith(typed)]


def files(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Let the shell offer its files."""
    return [CompletionItem(typed, type="file")]


def filled(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Refuse an option that is there and says nothing: a script whose variable is not set means no other send."""
    if value == "" and context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE:
        raise UsageError(f"{parameter.opts[0]} is empty", remedy="say what it is to be, or leave it out")
    return value


def list_option(text: str, *, required: bool = False) -> Callable[[Command], Command]:
    """Add ``--list`` as the parameter *list_*, "" without it if not *required*. *text* is what its help says."""
    option = partial(
        click.option, "--list", "list_", callback=filled, shell_complete=lists, metavar="L", help=text
    )
    return option(required=True) if required else option(default="")


def segment_option(text: str) -> Callable[[Command], Command]:
    """Add ``--segment`` as the parameter *segment*, "" without it. *text* is what its help says."""
    return click.option("--segment", callback=filled, shell_complete=segments, metavar="S", default="", help=text)


def language_option(text: str) -> Callable[[Command], Command]:
    """Add ``--language``, "" without it. *text* is what its help says."""
    return click.option("--language", shell_complete=languages, metavar="CODE", default="", help=text)


def exclude_option(text: str) -> Callable[[Command], Command]:
    """Add ``--exclude``, which may stand several times. *text* is what its help says."""
    return click.option("--exclude", shell_complete=excluded, metavar="S", multiple=True, help=text)


def _lists(here: Workspace) -> Offered:
    return [(one.slug, one.title()) for one in here.settings.lists]


def _segments(here: Workspace) -> Offered:
    from newsletter.files import segments

    return [(name, one.expression) for name, one in segments.load(here.segments).items()]


def _sends(here: Workspace) -> list[tuple[str, str, str]]:
    """Return the number, the issue and the state of each send, the latest first."""
    from subscribers.store.file.open import connect
    from subscribers.store.ledger import sends

    if not here.people.exists():
        return []
    with closing(connect(here.people)) as connection:
        return [(str(one.id), one.issue, one.state.value) for one in sends.all(connection)]


def _slugs(found: list[tuple[str, str, str]]) -> Offered:
    return [(issue, "") for issue in dict.fromkeys(issue for _, issue, _ in found)]
