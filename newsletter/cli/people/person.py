"""`newsletter subscribers add, show, move, unsubscribe, suppress, erase`: one person at a time."""

import contextlib

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.people.answering import Answers
from newsletter.cli.people.importing import pending_note
from newsletter.errors import RefusedError, UsageError, cited
from newsletter.files import mentions
from newsletter.files.workspace import Workspace
from newsletter.report import WHY
from newsletter.send.lock import hold
from subscribers import address, attribute, tongue
from subscribers.errors import LockedError, UnknownError
from subscribers.model import Consent, Subscriber, Suppression
from subscribers.store.back import events
from subscribers.store.file.open import Connection, transaction
from subscribers.store.keeping import dossier, restore, traces
from subscribers.store.register import imports, lists, moves, people, subscriptions, suppressions
from subscribers.table.entry import Entry

#: What stands in the ledger as the source of what an editor does here.
SOURCE = "command line"


@click.command()
@click.argument("email", metavar="ADDRESS")
@offering.list_option("The list that they subscribe to.", required=True)
@click.option("--name", default="", help="What they are called.")
@offering.language_option("Their language, such as sv.")
@click.option(
    "--topic",
    "topics",
    shell_complete=offering.topics,
    multiple=True,
    help="What they want to read about; may stand several times.",
)
@click.option(
    "--set", "settings", metavar="KEY=VALUE", multiple=True, help="An attribute; may stand several times."
)
@click.option("--consent", metavar="TEXT", default="", help="Where and when they agreed. Makes them confirmed.")
@terminal.reporting
def add(
    workspace: Workspace,
    email: str,
    list_: str,
    name: str,
    language: str,
    topics: tuple[str, ...],
    settings: tuple[str, ...],
    consent: str,
    as_json: bool,
) -> None:
    """Add one person to a list, or say more about somebody who is there.

    \b
    Examples:
      newsletter subscribers add anna@example.org --list monthly --name "Anna Berg" --consent "phone, 3 May"
      newsletter subscribers add bo@example.org --list monthly --language sv --topic business --set city=Huddinge
    """
    entry = Entry(
        address.asked(email),
        attribute.text(name, "--name", 200),
        tongue.read(language, workspace.settings.letter.languages),
        frozenset(filter(None, map(attribute.slug, topics))),
        _attributes(settings),
    )
    answers = Answers(workspace.settings.fields)
    entry = answers.settle(entry)
    with wiring.people(workspace) as connection:
        refused: list[imports.Refused] = []
        importer = imports.Importer(
            connection,
            list_,
            wording=attribute.text(consent, "--consent"),
            source=SOURCE,
            keys=wiring.ring(workspace).derived(suppressions.PURPOSE),
            now=terminal.now(),
            listen=refused.append,
        )
        imports.run(importer, [[(1, entry)]])
        if refused:
            raise RefusedError(refused[0].reason, remedy=f"see `newsletter explain {entry.address.typed}`")
        person = known(connection, email)
        status = subscriptions.status(connection, person.id, list_)
    if as_json:
        row = {"email": person.address.typed, "name": person.name, "language": person.language, "status": status}
        terminal.emit({"subscribers": [row]})
    else:
        terminal.show(f"{person.address.typed} is {status} in {list_}.")
    if status == "pending":
        terminal.say(pending_note(workspace, "Add them"))
    for line in answers.told():
        terminal.say(line)
    offered = [one.slug for one in workspace.settings.topics]
    if offered and (strange := sorted(entry.topics - {*offered})):
        terminal.say(
            f"No [[topic]] of newsletter.toml is called {', '.join(map(cited, strange))}, so no page shows it; "
            f"those are {', '.join(offered)}."
        )


def _attributes(settings: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for each in settings:
        key, sign, value = each.partition("=")
        if not sign:
            raise UsageError(f"--set “{each}” is not understood", remedy="write --set city=Huddinge")
        found[attribute.name(key)] = attribute.text(value, key)
    return found


def known(connection: Connection, email: str) -> Subscriber:
    """Return the person with this address. Raise AddressError, UnknownError."""
    canonical = address.asked(email).canonical
    person = people.by_address(connection, canonical)
    if person is None:
        raise UnknownError(
            "nobody has this address",
            where=canonical,
            remedy="`newsletter subscribers list --find TEXT` looks for a part of it",
        )
    return person


@click.command()
@click.argument("email", metavar="ADDRESS")
@terminal.reporting
def show(workspace: Workspace, email: str, as_json: bool) -> None:
    """Show who somebody is, what they agreed to and what was sent to them.

    \b
    Examples:
      newsletter subscribers show anna@example.org
    """
    zone = workspace.settings.letter.timezone
    with wiring.people(workspace) as connection:
        person = known(connection, email)
        suppression = suppressions.has(connection, person.address.canonical)
        if as_json:
            terminal.emit(dossier.document(connection, person, suppression))
            return
        rows: list[tuple[str, str]] = [
            ("address", person.address.typed),
            ("name", person.name or "-"),
            ("language", person.language or "-"),
            ("joined", terminal.day(person.joined, zone)),
            ("topics", ", ".join(sorted(person.topics)) or "-"),
            *((key, attribute.spell(value)) for key, value in sorted(person.attributes.items())),
        ]
        if suppression:
            proof = f" ({suppression.evidence})" if suppression.evidence else ""
            rows.append(("suppressed", f"{suppression.reason}, since {terminal.day(suppression.at, zone)}{proof}"))
        for each in subscriptions.of(connection, person.id):
            rows.append((f"list {each.list}", f"{each.status} since {terminal.day(each.since, zone)}"))
        for letter in dossier.letters(connection, person.id):
            rows.append((f"issue {letter.issue}", f"{letter.state} {terminal.clock(letter.updated, zone)}"))
        for told in events.of(connection, person.id):
            words = told.words(terminal.clock(told.at, zone), WHY.get(told.reason, ""))
            rows.append((f"came back on {told.issue}", words))
    terminal.table(("", ""), rows)


@click.command()
@click.argument("email", metavar="ADDRESS")
@click.argument("to", metavar="NEW")
@click.option("--reason", required=True, help="How you know it, for whoever asks later.")
@terminal.reporting
def move(workspace: Workspace, email: str, to: str, reason: str, as_json: bool) -> None:
    """Write to somebody at the address NEW from now on: ADDRESS leaves its lists, and NEW comes into them.

    Name, language, topics, attributes and wishes come along, and the ledger of consent says why. What was sent to
    ADDRESS stays with it: `send --to-new` sends NEW what did not reach it.

    \b
    Examples:
      newsletter subscribers move anna@old.example.org anna@new.example.org --reason "her mail of 3 May 2025"
    """
    wording = _reason(reason, "how you know it")
    new, keys = address.asked(to), wiring.ring(workspace).derived(suppressions.PURPOSE)
    with wiring.people(workspace) as connection:
        old = known(connection, email)
        with transaction(connection):
            taken = moves.move(connection, old, new, reason=wording, source=SOURCE, keys=keys, now=terminal.now())
    if as_json:
        terminal.emit({"email": new.typed, "before": old.address.typed, "lists": list(taken)})
    elif taken:
        terminal.show(f"{new.typed} is confirmed in {', '.join(taken)}; {old.address.typed} has left.")
    else:
        terminal.show(f"{old.address.typed} moved to {new.typed} before, so nothing changed.")


@click.command()
@click.argument("email", metavar="ADDRESS")
@offering.list_option("The list to leave; all of them if you say nothing.")
@terminal.reporting
def unsubscribe(workspace: Workspace, email: str, list_: str, as_json: bool) -> None:
    """Unsubscribe somebody who asked for it.

    \b
    Examples:
      newsletter subscribers unsubscribe anna@example.org
      newsletter subscribers unsubscribe anna@example.org --list monthly --json
    """
    with wiring.people(workspace) as connection:
        if list_:
            lists.number(connection, list_)
        person = known(connection, email)
        consent = Consent(person.id, list_, "withdraw", terminal.now(), SOURCE, "")
        with transaction(connection):
            left = subscriptions.withdraw(connection, consent)
    if as_json:
        terminal.emit({"email": person.address.typed, "unsubscribed": list(left)})
    else:
        what = f"unsubscribed from {', '.join(left)}" if left else "not subscribed, so nothing changed"
        terminal.show(f"{person.address.typed}: {what}.")


@click.command()
@click.argument("email", metavar="ADDRESS")
@click.option("--reason", required=True, help="Why they must never be mailed, for whoever asks later.")
@terminal.reporting
def suppress(workspace: Workspace, email: str, reason: str, as_json: bool) -> None:
    """Never mail an address again, known or not, whatever its subscriptions say.

    \b
    Examples:
      newsletter subscribers suppress anna@example.org --reason "asked by phone, 3 May 2025"
    """
    found = address.asked(email)
    wording = _reason(reason, "why")
    suppression = Suppression(found.canonical, wording, SOURCE, terminal.now())
    with wiring.people(workspace) as connection, transaction(connection):
        new = suppressions.add(connection, suppression)
    if as_json:
        terminal.emit({"email": found.typed, "suppressed": True, "new": new})
    else:
        terminal.show(f"{found.typed} {'is suppressed from now on' if new else 'was suppressed already'}.")


def _reason(said: str, what: str) -> str:
    if wording := attribute.text(said, "--reason"):
        return wording
    raise UsageError("--reason is empty", remedy=f"say {what}, for whoever asks later")


@click.command()
@click.argument("email", metavar="ADDRESS")
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.reporting
def erase(workspace: Workspace, email: str, yes: bool, as_json: bool) -> None:
    """Forget everything about somebody, for good. A keyed hash keeps the address from coming back.

    Nothing of them is left in the database, in its log, or in the free corners of the file: that is looked for
    byte by byte. The ledger of consent keeps its lines without a word about the person, and stays verifiable.
    After an interruption, run the same command again.

    \b
    Examples:
      newsletter subscribers erase anna@example.org
      newsletter subscribers erase anna@example.org --yes --json
    """
    found = address.asked(email)
    ring = wiring.ring(workspace)
    with wiring.people(workspace) as connection:
        person = people.by_address(connection, found.canonical)
        keys = ring.derived(suppressions.PURPOSE)
        # Known by its hash only: it was erased before, and what is left to do is to look for traces.
        if not person and not suppressions.has(connection, found.canonical, keys):
            known(connection, email)
        question = f"Erase everything about {found.typed}? This cannot be undone."
        terminal.confirm(question, "nothing was erased", yes)
        others = moves.also(connection, person.id) if person else ()
        with transaction(connection):
            if person:
                people.erase(connection, person.id, keys, terminal.now())
            elif suppressions.has(connection, found.canonical):
                suppressions.hash_out(connection, found.canonical, keys[0], terminal.now())
        traces.scrub(connection)
    # Where somebody has the lock, a restore may be at work.
    with contextlib.suppress(LockedError), hold(workspace.lock, "newsletter subscribers erase", terminal.now()):
        restore.tidy(workspace.people)
    gone = person.address if person else found
    named: tuple[tuple[str, str], ...] = ()
    if traces.clean(workspace.people, gone):
        with wiring.people(workspace) as connection:
            named = tuple(traces.elsewhere(connection, gone))
    if as_json:
        terminal.emit({"erased": True})
    else:
        terminal.show("Erased. Backups that were made before still know this person: replace them.")
    for other in others:
        terminal.say(
            f"They also had the address {other}: `newsletter subscribers erase {other}` forgets that, too."
        )
    for other, field in named:
        terminal.say(_still(other, field))
    for path in mentions.of(gone, workspace.root, (workspace.people, workspace.pool)):
        terminal.say(f"{path.relative_to(workspace.root)} still names the address; take it out there.")


def _still(other: str, field: str) -> str:
    """Return that what is known of *other* names an erased address in *field*, and what helps."""
    if field == "consent":
        return f"The ledger of consent names the address in a line about {other}, which goes if they are erased."
    change = '--name "…"' if field == "name" else f"--set {field}="
    remedy = f"`newsletter subscribers add {other} --list … {change}` takes it out"
    return f"What is known of {other} still names the address ({field}): {remedy}."
