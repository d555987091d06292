"""`newsletter dkim`: make the keys that sign mail, and show the records that publish them."""

from collections.abc import Sequence
from dataclasses import dataclass

import click

from newsletter.cli import terminal
from newsletter.cli.group import Group
from newsletter.cli.send.signing import key, path_of, waiting
from newsletter.errors import NotFoundError, UsageError, cited
from newsletter.files import private
from newsletter.files.workspace import Workspace
from newsletter.mail import dkim as signing
from newsletter.settings.dkim import Pair, selector
from subscribers.address import parse
from subscribers.errors import AddressError

#: How the second key is told from the first.
SECOND = "-ed25519"


@dataclass(frozen=True, slots=True)
class Published:
    """A key, and the record of it that belongs into DNS."""

    file: str
    selector: str
    domain: str
    value: str

    @property
    def name(self) -> str:
        """The name of the record."""
        return f"{self.selector}._domainkey.{self.domain}"


@click.group(cls=Group)
def dkim() -> None:
    """Make the keys that sign your mail, and show the records that publish them.

    \b
    Examples:
      newsletter dkim init
      newsletter dkim show
    """


@dkim.command()
@click.option("--selector", "name", metavar="NAME", default="news", show_default=True, help="Its name in DNS.")
@click.option("--domain", metavar="DOMAIN", default="", help="Who signs; without it, the domain of [letter] from.")
@click.option("--ed25519", is_flag=True, help="A second, newer kind of key beside it; some receivers know it.")
@terminal.reporting
def init(workspace: Workspace, name: str, domain: str, ed25519: bool, as_json: bool) -> None:
    """Make a key that only you can read, and print its DNS record and the lines for newsletter.toml.

    Nothing is signed before those lines stand in newsletter.toml. Publish the record first: a signature that
    nobody can look up is worth nothing. A new key every year is a new --selector; keep the old record for a week.

    \b
    Examples:
      newsletter dkim init
      newsletter dkim init --selector news2027 --ed25519
    """
    if not selector(name):
        raise UsageError(
            f"{cited(name)} is no selector", remedy="use small letters, digits and hyphens, such as news"
        )
    signer = _domain(domain) if domain else workspace.settings.letter.domain
    kinds = {name: "rsa"} | ({f"{name}{SECOND}": "ed25519"} if ed25519 else {})
    pairs = [Pair(each, path_of(each)) for each in kinds]
    for pair in pairs:
        private.refuse_key(workspace.root / pair.file)
    for pair in pairs:
        private.put_key(workspace.root / pair.file, signing.generate(kinds[pair.selector]))
    _print(_published(workspace, signer, pairs), as_json, new=True)


@dkim.command()
@terminal.reporting
def show(workspace: Workspace, as_json: bool) -> None:
    """Print the DNS records of the keys that newsletter.toml names.

    While it names none: those of the keys that `init` made last, and the lines for newsletter.toml.

    \b
    Examples:
      newsletter dkim show
      newsletter dkim show --json
    """
    wanted = workspace.settings.dkim
    pairs = wanted.pairs or _made_last(workspace)
    if not pairs:
        remedy = "make a key with `newsletter dkim init`, and add the lines that it prints"
        raise NotFoundError("there is no [dkim]", where="newsletter.toml", remedy=remedy)
    signer = wanted.domain or workspace.settings.letter.domain
    _print(_published(workspace, signer, pairs), as_json, new=not wanted.pairs)


def _made_last(workspace: Workspace) -> Sequence[Pair]:
    """Return the keys that `init` made last, which newsletter.toml does not name; there may be none."""
    made = {pair.selector: pair for pair in waiting(workspace)}
    if not made:
        return []
    newest = max(made.values(), key=lambda pair: (workspace.root / pair.file).stat().st_mtime_ns)
    first = newest.selector.removesuffix(SECOND)
    return [made[name] for name in (first, f"{first}{SECOND}") if name in made]


def _domain(text: str) -> str:
    """Return a domain as DNS writes it, in small letters. Raise UsageError."""
    try:
        return parse(f"postmaster@{text.removesuffix('.')}").canonical.rpartition("@")[2]
    except AddressError:
        raise UsageError(f"{cited(text)} is no domain", remedy="write it as --domain example.org") from None


def _published(workspace: Workspace, domain: str, pairs: Sequence[Pair]) -> list[Published]:
    return [
        Published(pair.file, pair.selector, domain, signing.record(key(workspace, pair.file))) for pair in pairs
    ]


def _print(found: Sequence[Published], as_json: bool, *, new: bool) -> None:
    if as_json:
        records = [
            {"name": one.name, "type": "TXT", "value": one.value, "strings": signing.strings(one.value)}
            for one in found
        ]
        terminal.emit({"domain": found[0].domain, "records": records, "keys": [one.file for one in found]})
        return
    terminal.say("1. Add to the DNS of your domain:\n" if new else "")
    for one in found:
        # One line, so that it can be copied: DNS servers put the strings together again.
        parts = " ".join(f'"{part}"' for part in signing.strings(one.value))
        click.echo(f"{one.name}. IN TXT {parts}\n")
    if new:
        terminal.say("2. Once it answers (`newsletter doctor --domain`), add to newsletter.toml:\n")
        click.echo("\n".join(_lines(found)))
        terminal.say(f"\nKeep a copy of {' and '.join(one.file for one in found)} in a safe place.")


def _lines(found: Sequence[Published]) -> list[str]:
    names = [("selector", "key_file"), ("second_selector", "second_key_file")]
    lines = ["[dkim]", f'domain = "{found[0].domain}"']
    for one, (named, file) in zip(found, names, strict=False):
        lines += [f'{named} = "{one.selector}"', f'{file} = "{one.file}"']
    return lines
