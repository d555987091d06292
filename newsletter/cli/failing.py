"""How a command that failed ends: in words for people, or as JSON for programs, and with a code for scripts.

What click says is put as all other messages are. Knows no command.
"""

import json
import re
import sys
from contextlib import suppress

import click

#: A byte from outside that is no UTF-8, as Python keeps it in an argument or the name of a file (PEP 383).
UNDECODED = re.compile("[\udc80-\udcff]")
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

#: So many names are told of what can stand in a place.
OFFERED = 5


def tell(error: BaseException, as_json: bool) -> int:
    """Say why a command failed. Return its exit code; raise *error* if it is a bug."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            # The terminal has just shown ^C, or a question that nobody answered.
            if sys.stderr.isatty():
                with suppress(OSError):
                    click.echo(err=True)
            return _tell("interrupted", "", "interrupted", "", as_json)
        case click.exceptions.NoArgsIsHelpError():
            # A group alone shows what is in it.
            with suppress(OSError):
                error.show()
            return EXIT_CODES["usage"]
        case click.UsageError():
            return _misused(error, as_json)
        case click.ClickException():
            return _tell("failure", "", *_words(error), as_json)
    return _told(error, as_json)


def _misused(error: click.UsageError, as_json: bool) -> int:
    """Tell how a command is called, and what was meant, as far as that can be guessed."""
    if error.ctx and not as_json:
        with suppress(OSError):
            click.echo(f"{error.ctx.get_usage()}\n", err=True)
    path = error.ctx.command_path if error.ctx else "newsletter"
    what, meant = _words(error)
    quotes = "quote what has spaces, or " if what.startswith("got unexpected extra") else ""
    what, offered = _missing(error) if isinstance(error, click.MissingParameter) else (what, "")
    return _tell("usage", "", what, meant or f"{offered}{quotes}see `{path} --help`", as_json)


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


def _told(error: BaseException, as_json: bool) -> int:
    """Tell an error that speaks to a user; any other is a bug and crashes."""
    from newsletter.errors import ToldError, cited, refused
    from subscribers.store.file.trouble import told

    if isinstance(error, UnicodeEncodeError) and UNDECODED.search(error.object):
        remedy = "let the terminal speak UTF-8, or give the file another name"
        return _tell("usage", "", f"{cited(error.object[:60])} is not written in UTF-8", remedy, as_json)
    if not isinstance(error, ToldError):
        fault = refused(error) if isinstance(error, OSError) else told(error, "the workspace's database")
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
