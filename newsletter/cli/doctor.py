"""`newsletter doctor` and `newsletter backup`: is everything in order, and a copy in case it will not be."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from newsletter.cli import terminal, wiring
from newsletter.errors import NewsletterError
from newsletter.files import keyring
from newsletter.files.workspace import Workspace
from subscribers.errors import PeopleError
from subscribers.store import consents, upkeep

#: A send keeps a ledger row per reader and SQLite a log beside the file; below this, neither has room to grow.
ENOUGH_DISK = 500 * 2**20

#: A clock before this program was written is wrong, and would make every token and date wrong with it.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at: *state* is ok, warning or error."""

    name: str
    state: str
    message: str


@click.command()
@terminal.json_option
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Look at settings, key, database, templates, SMTP route, clock and disk, and say what is wrong.

    Ends with code 3 if something must be mended.

    \b
    Examples:
      newsletter doctor
      newsletter doctor --json
    """
    workspace = terminal.here(context)
    found = list(examine(workspace))
    if as_json:
        terminal.emit({"workspace": str(workspace.root), "checks": [asdict(one) for one in found]})
    else:
        marks = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "error": ("MEND", "red")}
        for one in found:
            word, colour = marks[one.state]
            line = f"{word:>4}  {one.name:<10} {terminal.plain(one.message)}"
            line = terminal.fold(line, terminal.columns(sys.stdout), hang=17)
            click.echo(click.style(line[:4], fg=colour) + line[4:])
    if any(one.state == "error" for one in found):
        context.exit(terminal.FINDINGS)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def backup(context: click.Context, file: Path) -> None:
    """Write a consistent copy of readers and ledger to FILE, even while a send or `serve` is at work.

    The key in subscribers/secret.key is not in it: without the key the links in mails that were sent no longer
    work, so keep a copy of it in another place.

    \b
    Examples:
      newsletter backup /backup/readers-2025-06-12.db
    """
    workspace = terminal.here(context)
    connection = wiring.people(workspace)
    try:
        upkeep.copy(connection, file)
    finally:
        connection.close()
    terminal.say(f"Wrote {file} ({file.stat().st_size / 2**20:.1f} MB, readable by you only).")
    terminal.say("Keep a copy of subscribers/secret.key too, in another place.")


def examine(workspace: Workspace) -> Iterator[Examined]:
    """Look at everything, one after the other; the settings first, since the rest needs them."""
    checks: tuple[tuple[str, Callable[[Workspace], str]], ...] = (
        ("settings", _settings),
        ("key", _keys),
        ("database", _database),
        ("sqlite", _sqlite),
        ("templates", _templates),
        ("smtp", _smtp),
        ("clock", _clock),
        ("disk", _disk),
    )
    for name, check in checks:
        try:
            message = check(workspace)
        except _DoubtError as doubt:
            yield Examined(name, "warning", str(doubt))
        except (NewsletterError, PeopleError, OSError) as error:
            yield Examined(name, "error", str(error))
            if name == "settings":
                return
        else:
            yield Examined(name, "ok", message)


class _DoubtError(Exception):
    """Something that works, and that somebody should know of."""


def _settings(workspace: Workspace) -> str:
    letter = workspace.settings.letter
    if not letter.address:
        raise _DoubtError("[letter] has no address: the law wants a postal address in every letter")
    if workspace.settings.public and not letter.base_url.startswith("https://"):
        raise _DoubtError(f"base_url is {letter.base_url}: readers outside need an https:// address")
    return f"“{letter.name}” from {letter.sender} in {', '.join(letter.languages)}"


def _database(workspace: Workspace) -> str:
    connection = wiring.people(workspace)
    try:
        faults = upkeep.faults(connection)
        evidence = 0 if faults else consents.verify(connection).lines
    finally:
        connection.close()
    if faults:
        raise PeopleError(faults[0], where=str(workspace.people), remedy="restore it from your backup")
    megabytes = workspace.people.stat().st_size / 2**20
    return f"sound, {megabytes:.1f} MB, {evidence:,} lines of consent as they were written"


def _keys(workspace: Workspace) -> str:
    found = keyring.load(workspace.keys)
    since = f" since {found[0].since}" if found[0].since else ""
    older = f", {terminal.counted(len(found) - 1, 'older key')} still known" if len(found) > 1 else ""
    return f"{len(found[0].secret) * 8} bits{since}, readable by its owner only{older}"


def _sqlite(workspace: Workspace) -> str:
    found = ".".join(map(str, upkeep.version()))
    if upkeep.version() < upkeep.SOUND:
        sound = ".".join(map(str, upkeep.SOUND))
        raise _DoubtError(
            f"{found}: before {sound}, several busy writers could, rarely, damage a file; run one `serve`"
        )
    return found


def _templates(workspace: Workspace) -> str:
    from newsletter.files import themes

    letter = workspace.settings.letter
    for language in letter.languages:
        themes.load(workspace.templates, letter.theme, language)
    return f"theme {letter.theme} in {', '.join(letter.languages)}"


def _smtp(workspace: Workspace) -> str:
    from newsletter.cli import sending

    routes = workspace.settings.routes
    if not routes:
        raise _DoubtError("there is no [[smtp]]: nothing can be sent")
    route = routes[0]
    try:
        asyncio.run(sending.knock(workspace, route))
    except NewsletterError as error:
        if route.loopback:
            raise _DoubtError(str(error)) from None
        raise
    return f"{route.name} answers at {route.host}:{route.port}"


def _clock(workspace: Workspace) -> str:
    now = terminal.now()
    if now < EARLIEST:
        raise NewsletterError(f"the clock says {now:%Y-%m-%d}", remedy="set it: tokens and dates depend on it")
    return now.astimezone(workspace.settings.letter.timezone).strftime("%Y-%m-%d %H:%M %Z")


def _disk(workspace: Workspace) -> str:
    if not os.access(workspace.root, os.W_OK):
        raise NewsletterError(
            "nothing can be written here", where=str(workspace.root), remedy="mend its permissions"
        )
    free = shutil.disk_usage(workspace.root).free
    if free < ENOUGH_DISK:
        raise _DoubtError(f"{free / 2**20:.0f} MB free: a large send may run out of room")
    return f"{free / 2**30:.0f} GB free"
