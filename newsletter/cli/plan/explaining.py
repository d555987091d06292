"""`newsletter explain`: why somebody gets a letter, or does not."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from functools import partial

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.look import freezing
from newsletter.cli.people import excluding
from newsletter.cli.plan.addressing import Wanted
from newsletter.files import issues
from newsletter.files.workspace import Workspace
from newsletter.model import Issue
from newsletter.report import WHY
from subscribers import address, segment
from subscribers.expression import All, Compare, Expression
from subscribers.model import Send, Subscriber, SubscriptionStatus, Suppression
from subscribers.status import Frequency, SendState
from subscribers.store.back import events
from subscribers.store.file.open import Connection
from subscribers.store.keeping import dossier
from subscribers.store.ledger import sends
from subscribers.store.register import lists, people, subscriptions, suppressions, wishes

#: So many of the things that came back about one person are told.
LATEST = 20

#: The last question: a letter that has gone, or may have, is not sent again.
NEW = "not sent yet"


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the decision. *passed* False ends it: no letter; None tells, and decides nothing."""

    step: str
    passed: bool | None
    detail: str


@click.command()
@click.argument("email", metavar="ADDRESS")
@click.argument("slug", shell_complete=offering.issues, default="", metavar="[SLUG]")
@offering.list_option("As in `send`: the list, if the issue names none.")
@offering.segment_option("As in `send`: a segment or an expression.")
@offering.exclude_option("As in `send`: not these readers.")
@terminal.reporting
def explain(
    workspace: Workspace,
    email: str,
    slug: str,
    list_: str,
    segment: str,
    exclude: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say why somebody gets letters, or the issue SLUG, or does not: each step of the decision.

    Where the issue was sent, or waits to be, the list, segment and exclusions of that send count, unless you name
    others.

    \b
    Examples:
      newsletter explain anna@example.org
      newsletter explain anna@example.org 2025-06 --json
      newsletter explain anna@example.org 2025-06 --exclude board
    """
    canonical = address.asked(email).canonical
    issue = issues.load(workspace, slug)[0] if slug else None
    with wiring.people(workspace) as connection:
        wanted = Wanted(slug, list_, segment, exclude)
        steps = list(_steps(workspace, connection, canonical, issue, wanted))
    gets = all(each.passed is not False for each in steps)
    if as_json:
        terminal.emit({"email": canonical, "issue": slug, "gets": gets, "steps": [asdict(each) for each in steps]})
        return
    marks = {True: "yes", False: "NO", None: "-"}
    terminal.table(("", "", ""), ((marks[each.passed], each.step, each.detail) for each in steps))
    refusing = [each.step for each in steps if each.passed is False]
    if refusing == [NEW]:
        terminal.show(f"The issue {slug} is not sent to {canonical} again.")
    else:
        what = f"the issue {slug}" if slug else "letters"
        terminal.show(f"{canonical} {'gets' if gets else 'does not get'} {what}.")


def _steps(
    workspace: Workspace, connection: Connection, canonical: str, issue: Issue | None, asked: Wanted
) -> Iterator[Step]:
    person = people.by_address(connection, canonical)
    keys = wiring.ring(workspace).derived(suppressions.PURPOSE)
    suppression = suppressions.has(connection, canonical, keys)
    zone = workspace.settings.letter.timezone
    since = f"since {terminal.day(person.joined, zone)}" if person else "nobody has this address"
    yield Step("known", person is not None, since)
    yield Step("not suppressed", suppression is None, _why(suppression, zone))
    if person is None:
        return
    wanted = _wanted(workspace, connection, issue, asked)
    yield _lists(connection, person, wanted.list, zone)
    if issue:
        yield _wished(connection, person, issue)
    if issue or wanted.segment:
        yield _audience(workspace, connection, person, issue, wanted.segment)
    for text in wanted.exclude:
        tree = wiring.expression(workspace, connection, text)
        yield Step("not excluded", not _is_in(connection, person, tree), f"exclude: {text}")
    if issue:
        yield from _ledger(connection, person, issue, zone)
    else:
        yield from _returned(connection, person, "", zone)


def _wanted(workspace: Workspace, connection: Connection, issue: Issue | None, asked: Wanted) -> Wanted:
    """Return what is asked about; what was not said is as in the issue's newest send, or as the issue says.

    Who is left out stands there as expressions.
    """
    if asked.list:
        lists.number(connection, asked.list)
    exclude = tuple(excluding.meaning(workspace, connection, one) for one in asked.exclude)
    if issue is None:
        return replace(asked, exclude=exclude)
    known = next((freezing.load(one.rule) for one in sends.all(connection, issue.slug) if len(one.rule) > 2), None)
    only = workspace.settings.lists[0].slug if len(workspace.settings.lists) == 1 else ""
    return replace(
        asked,
        list=asked.list or (known.list if known else issue.list or only),
        segment=asked.segment or (known.segment if known else issue.audience),
        exclude=exclude or (known.exclude if known else ()),
    )


def _why(suppression: Suppression | None, zone: tzinfo) -> str:
    if suppression is None:
        return "the address may be mailed"
    kept = "" if suppression.canonical else "; the person was erased, only a hash of the address is left"
    proof = f" ({suppression.evidence})" if suppression.evidence else ""
    return f"{suppression.reason}, since {terminal.day(suppression.at, zone)}{proof}{kept}"


def _lists(connection: Connection, person: Subscriber, wanted: str, zone: tzinfo) -> Step:
    """Return whether the person is confirmed in the list that is *wanted*; in any, if that is ""."""
    have = subscriptions.of(connection, person.id)
    passed = any(each.status is SubscriptionStatus.CONFIRMED for each in have if wanted in ("", each.list))
    told = "; ".join(f"{each.list}: {each.status} since {terminal.day(each.since, zone)}" for each in have)
    return Step(f"confirmed in {wanted}" if wanted else "confirmed in a list", passed, told or "no subscription")


def _wished(connection: Connection, person: Subscriber, issue: Issue) -> Step:
    """Return whether the person wants this letter now: they may have paused, or want only one a year."""
    wished = wishes.of(connection, person.id)
    often = "every letter" if wished.frequency is Frequency.EVERY else "only the letter of the year"
    pause = f"; paused until {wished.paused}" if wished.paused else ""
    return Step("wished for", wished.grants(terminal.now(), issue.yearly), often + pause)


def _audience(
    workspace: Workspace, connection: Connection, person: Subscriber, issue: Issue | None, wanted: str
) -> Step:
    if not wanted:
        return Step("in the audience", True, "the issue is for everybody on the list")
    own = issue is not None and wanted == issue.audience
    where = f"{issue.path}:{issue.lines.get('audience', 1)}" if issue and own else ""
    tree = wiring.expression(workspace, connection, wanted, where)
    return Step("in the audience", _is_in(connection, person, tree), f"audience: {wanted}")


def _is_in(connection: Connection, person: Subscriber, tree: Expression) -> bool:
    """Whether a person is in a segment, as a send asks it of everybody."""
    them = All((Compare("email", "=", person.address.canonical), tree))
    return people.anybody(connection, segment.where(them, terminal.now()))


def _returned(connection: Connection, person: Subscriber, slug: str, zone: tzinfo) -> Iterator[Step]:
    """Tell what came back of the issue *slug*; of "", the latest of all."""
    for told in events.of(connection, person.id)[-LATEST:]:
        if slug in ("", told.issue):
            words = told.words(terminal.clock(told.at, zone), WHY.get(told.reason, ""))
            yield Step("came back", None, words if slug else f"{told.issue}: {words}")


def _ledger(connection: Connection, person: Subscriber, issue: Issue, zone: tzinfo) -> Iterator[Step]:
    """Tell what the ledger says; a letter that has gone, or may have, is not sent again."""
    letters = [each for each in dossier.letters(connection, person.id) if each.issue == issue.slug]
    for each in letters:
        gone = each.state in segment.RECEIVED
        said = f": {each.reply}" if each.reply else ""
        detail = f"send {each.send}: {each.state} on {terminal.clock(each.updated, zone)}{said}"
        yield Step(NEW if gone else "in the ledger", False if gone else None, detail)
    yield from _returned(connection, person, issue.slug, zone)
    found = sends.all(connection, issue.slug)
    awaited = [one for one in found if one.state is SendState.SCHEDULED]
    yield from map(partial(_awaited, zone=zone), awaited)
    if not letters and any(one.started for one in found):
        yield Step("in the ledger", None, "it was sent without them; `send --to-new` reaches who came since")
    elif not letters and not awaited:
        yield Step("in the ledger", None, "the issue was not sent yet")


def _awaited(one: Send, zone: tzinfo) -> Step:
    """Tell of a send that has not started yet."""
    when = f" on {terminal.clock(one.due, zone)}" if one.due else ""
    return Step("in the ledger", None, f"send {one.id} starts{when}; who gets it is decided then")
