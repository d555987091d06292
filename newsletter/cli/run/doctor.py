"""`newsletter doctor` and `newsletter backup`: is everything in order, and a copy in case it will not be."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from newsletter.cli import terminal, wiring
from newsletter.cli.place import NewFile
from newsletter.errors import NewsletterError
from newsletter.files.workspace import Workspace
from newsletter.trust.domain import judge
from newsletter.trust.verdict import Record, Sender, Verdict
from subscribers.store.keeping import upkeep

#: How the states are told.
MARKS = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "error": ("MEND", "red")}


@click.command()
@click.option("--domain", is_flag=True, help="Ask DNS, too, whether receivers will believe mail from your domain.")
@click.option("--resolver", metavar="ADDRESS", default="", help="The DNS server to ask, instead of the system's.")
@terminal.reporting
def doctor(workspace: Workspace, domain: bool, resolver: str, as_json: bool) -> None:
    """Look at settings, keys, database, templates, SMTP routes, the mailbox, clock, disk; say what is wrong.

    With --domain it asks DNS for SPF, DKIM, DMARC, MX and the names of your servers (PTR) too, and prints each
    record that is missing as it must be added. Ends with code 3 if something must be mended.

    \b
    Examples:
      newsletter doctor
      newsletter doctor --domain
      newsletter doctor --domain --resolver 192.0.2.53 --json
    """
    found = []
    for one in _found(workspace, resolver, names=bool(domain or resolver)):
        found.append(one)
        if not as_json:
            # At once: a server that says nothing holds up what comes after it.
            _show(one)
    if as_json:
        terminal.emit({"workspace": str(workspace.root), "checks": [asdict(one) for one in found]})
    if any(one.state == "error" for one in found):
        raise click.exceptions.Exit(terminal.FINDINGS)


def _found(workspace: Workspace, resolver: str, *, names: bool) -> Iterator[Verdict]:
    """Look at everything, and at what DNS says if *names*, unless the settings cannot be read."""
    # A backup needs nothing of it.
    from newsletter.cli.run.examining import examine

    readable = True
    for one in examine(workspace):
        readable = readable and not (one.name == "settings" and one.state == "error")
        yield one
    if names and readable:
        yield from _names(workspace, resolver)


def _show(one: Verdict) -> None:
    """Print a line of what was found, and the record that is missing."""
    word, colour = MARKS[one.state]
    line = f"{word:>4}  {one.name:<10} {terminal.plain(one.message)}"
    line = terminal.fold(line, terminal.columns(sys.stdout), hang=17)
    click.echo(click.style(line[:4], fg=colour) + line[4:])
    if one.record:
        click.echo(f"{'':17}add: {_written(one.record)}")


@click.command()
@click.argument("file", type=NewFile())
@terminal.reporting
def backup(workspace: Workspace, file: Path, as_json: bool) -> None:
    """Write a consistent copy of readers and ledger to FILE, even while a send or `serve` is at work.

    The key in subscribers/secret.key is not in it: without the key the links in mails that were sent no longer
    work, so keep a copy of it in another place.

    \b
    Examples:
      newsletter backup /backup/readers-2025-06-12.db
      newsletter backup /backup/readers-2025-06-12.db --json
    """
    with wiring.people(workspace) as connection:
        upkeep.copy(connection, file)
    if as_json:
        terminal.emit({"file": str(file), "bytes": file.stat().st_size})
        return
    terminal.say(f"Wrote {file} ({file.stat().st_size / 2**20:.1f} MB, readable by you only).")
    terminal.say("Keep a copy of subscribers/secret.key too, in another place.")


def _names(workspace: Workspace, server: str) -> Iterator[Verdict]:
    """Look at what DNS says of the domain that letters are from."""
    from newsletter.cli.send import signing
    from newsletter.lookup.resolver import Resolver

    settings = workspace.settings
    by = settings.dkim
    domain = settings.letter.domain
    pairs = by.pairs or signing.waiting(workspace)
    outside = [route for route in settings.routes if not route.loopback]
    sender = Sender(
        domain=domain,
        bounces=(outside[0].bounces if outside else "") or settings.letter.bounce_domain,
        signer=by.domain or domain,
        keys={f"{pair.selector}._domainkey.{by.domain or domain}": _key(workspace, pair.file) for pair in pairs},
        hosts=[route.host for route in outside],
    )
    yield from judge(sender, Resolver(server))
    if pairs and not by.pairs:
        what = "your key signs nothing yet: once it is published, add the lines that `dkim init` printed"
        yield Verdict("dkim", "warning", what)


def _key(workspace: Workspace, file: str) -> str:
    """Return the record of a key that signs; "" if it cannot be read, which `examine` tells."""
    from newsletter.cli.send import signing
    from newsletter.mail import dkim

    try:
        return dkim.record(signing.key(workspace, file))
    except NewsletterError:
        return ""


def _written(record: Record) -> str:
    """Return a record as a zone file has it."""
    value = record.value
    if record.kind == "TXT":
        value = " ".join(f'"{value[start : start + 255]}"' for start in range(0, len(value), 255))
    return f"{record.name}. IN {record.kind} {value}"
