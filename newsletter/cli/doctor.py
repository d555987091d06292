"""`newsletter doctor` and `newsletter backup`: is everything in order, and a copy in case it will not be."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from newsletter.cli import terminal, wiring
from newsletter.domain import Record, Sender, judge
from newsletter.errors import NewsletterError
from newsletter.files import keyring
from newsletter.files.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.letterhead import smtp_address
from subscribers.errors import PeopleError
from subscribers.store import consents, upkeep

#: A send keeps a ledger row per reader and SQLite a log beside the file; below this, neither has room to grow.
ENOUGH_DISK = 500 * 2**20


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at: *state* is ok, warning or error."""

    name: str
    state: str
    message: str
    record: Record | None = None


@click.command()
@click.option("--domain", is_flag=True, help="Ask DNS, too, whether receivers will believe mail from your domain.")
@click.option("--resolver", metavar="ADDRESS", default="", help="The DNS server to ask, instead of the system's.")
@terminal.json_option
@click.pass_context
def doctor(context: click.Context, domain: bool, resolver: str, as_json: bool) -> None:
    """Look at settings, keys, database, pool, templates, SMTP routes, clock and disk, and say what is wrong.

    With --domain it asks DNS for SPF, DKIM, DMARC, MX and the names of your servers (PTR) too, and prints each
    record that is missing as it must be added. Ends with code 3 if something must be mended.

    \b
    Examples:
      newsletter doctor
      newsletter doctor --domain
      newsletter doctor --domain --resolver 192.0.2.53 --json
    """
    workspace = terminal.here(context)
    found = list(examine(workspace))
    if (domain or resolver) and not (found[0].name == "settings" and found[0].state == "error"):
        found += _names(workspace, resolver)
    if as_json:
        terminal.emit({"workspace": str(workspace.root), "checks": [asdict(one) for one in found]})
    else:
        marks = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "error": ("MEND", "red")}
        for one in found:
            word, colour = marks[one.state]
            line = f"{word:>4}  {one.name:<10} {terminal.plain(one.message)}"
            line = terminal.fold(line, terminal.columns(sys.stdout), hang=17)
            click.echo(click.style(line[:4], fg=colour) + line[4:])
            if one.record:
                click.echo(f"{'':17}add: {_written(one.record)}")
    if any(one.state == "error" for one in found):
        context.exit(terminal.FINDINGS)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@terminal.json_option
@click.pass_context
def backup(context: click.Context, file: Path, as_json: bool) -> None:
    """Write a consistent copy of readers and ledger to FILE, even while a send or `serve` is at work.

    The key in subscribers/secret.key is not in it: without the key the links in mails that were sent no longer
    work, so keep a copy of it in another place.

    \b
    Examples:
      newsletter backup /backup/readers-2025-06-12.db
      newsletter backup /backup/readers-2025-06-12.db --json
    """
    workspace = terminal.here(context)
    connection = wiring.people(workspace)
    try:
        upkeep.copy(connection, file)
    finally:
        connection.close()
    if as_json:
        terminal.emit({"file": str(file), "bytes": file.stat().st_size})
        return
    terminal.say(f"Wrote {file} ({file.stat().st_size / 2**20:.1f} MB, readable by you only).")
    terminal.say("Keep a copy of subscribers/secret.key too, in another place.")


def examine(workspace: Workspace) -> Iterator[Examined]:
    """Look at everything, one after the other; the settings first, since the rest needs them."""
    checks: tuple[tuple[str, Callable[[Workspace], str]], ...] = (
        ("settings", _settings),
        ("key", _keys),
        ("database", _database),
        ("sqlite", _sqlite),
        ("pool", _pool),
        ("templates", _templates),
        ("smtp", _smtp),
        ("dkim", _dkim),
        ("clock", _clock),
        ("disk", _disk),
    )
    for name, check in checks:
        try:
            message = check(workspace)
        except _DoubtError as doubt:
            yield Examined(name, "warning", str(doubt))
        except (NewsletterError, PeopleError, OSError) as error:
            yield Examined(name, "error", str(_told(error) if isinstance(error, OSError) else error))
            if name == "settings":
                return
        else:
            yield Examined(name, "ok", message)


def _told(error: OSError) -> NewsletterError:
    """Say what the system refused, where, and what to do."""
    remedy = "mend its permissions, or run the command as its owner"
    return NewsletterError((error.strerror or str(error)).lower(), where=str(error.filename or ""), remedy=remedy)


def _names(workspace: Workspace, server: str) -> Iterator[Examined]:
    """Look at what DNS says of the domain that letters are from."""
    from newsletter import dkim
    from newsletter.cli import signing
    from newsletter.lookup.resolver import Resolver

    settings = workspace.settings
    by = settings.dkim
    domain = smtp_address(settings.letter.sender).rpartition("@")[2].lower()
    pairs = by.pairs or signing.waiting(workspace)
    sender = Sender(
        domain=domain,
        bounces=settings.letter.bounce_domain,
        signer=by.domain or domain,
        keys={
            f"{pair.selector}._domainkey.{by.domain or domain}": dkim.record(signing.key(workspace, pair.file))
            for pair in pairs
        },
        hosts=[route.host for route in settings.routes if not route.loopback],
    )
    for one in judge(sender, Resolver(server)):
        yield Examined(one.name, one.state, one.message, one.record)
    if pairs and not by.pairs:
        what = "your key signs nothing yet: once it is published, add the lines that `dkim init` printed"
        yield Examined("dkim", "warning", what)


def _written(record: Record) -> str:
    """Return a record as a zone file has it."""
    value = record.value
    if record.kind == "TXT":
        value = " ".join(f'"{value[start : start + 255]}"' for start in range(0, len(value), 255))
    return f"{record.name}. IN {record.kind} {value}"


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
    from newsletter.cli import alone

    connection = wiring.people(workspace)
    try:
        faults = upkeep.faults(connection)
        evidence = 0 if faults else consents.verify(connection).lines
        if not faults:
            alone.refuse_older(workspace, connection)
    finally:
        connection.close()
    if faults:
        raise PeopleError(
            faults[0], where=str(workspace.people), remedy="put back a copy: newsletter restore FILE"
        )
    megabytes = workspace.people.stat().st_size / 2**20
    return f"sound, {megabytes:.1f} MB, {terminal.counted(evidence, 'line')} of consent as written"


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


def _pool(workspace: Workspace) -> str:
    if not workspace.pool.exists():
        return "not there yet: `newsletter fetch` makes it"
    with Pool(workspace.pool) as pool:
        return f"{terminal.counted(pool.count(), 'article')} collected"


def _templates(workspace: Workspace) -> str:
    from newsletter.files import themes, words

    letter = workspace.settings.letter
    for language in letter.languages:
        themes.load(workspace.templates, letter.theme, language)
    english = [each for each in letter.languages if words.spoken(workspace.templates, each) != each]
    if english:
        raise _DoubtError(
            f"there are no words in {', '.join(english)}: pages and mails about subscriptions are in English; "
            f"`newsletter themes words {english[0]}` makes a list to fill"
        )
    return f"theme {letter.theme} in {', '.join(letter.languages)}"


def _smtp(workspace: Workspace) -> str:
    from newsletter.cli import sending

    if not workspace.settings.routes:
        raise _DoubtError("there is no [[smtp]]: nothing can be sent")
    answers = []
    for route in sending.routes(workspace):
        try:
            asyncio.run(sending.knock(route))
        except NewsletterError as error:
            if route.loopback:
                raise _DoubtError(str(error)) from None
            raise
        answers.append(f"{route.name} answers at {route.host}:{route.port}")
    return ", ".join(answers)


def _dkim(workspace: Workspace) -> str:
    from newsletter.cli import signing

    signers = signing.signers(workspace)
    if not signers:
        return "we sign nothing; your SMTP server may"
    return f"{signers[0].domain} signs with {' and '.join(signer.selector for signer in signers)}"


def _clock(workspace: Workspace) -> str:
    from newsletter.cli import alone

    now = terminal.now()
    alone.refuse_clock(now)
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
