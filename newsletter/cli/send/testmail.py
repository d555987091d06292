"""`newsletter test`: the real message to a few addresses, before it goes to everybody."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import replace

import click

from newsletter import message, personal
from newsletter.cli import offering, terminal, wiring
from newsletter.cli.look import freezing, rendering
from newsletter.cli.send import foreground, messages, sending
from newsletter.errors import NotFoundError, UsageError, cited
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import NAMES, Names
from newsletter.model import Issue, Message, Reply
from newsletter.render import segments_in
from newsletter.send.courier import nothing
from newsletter.send.silence import notice
from newsletter.spoken import tongue
from subscribers import address
from subscribers.model import Address
from subscribers.store.file.open import Connection
from subscribers.store.register import people

#: Addresses in one test at most: more is a send, which has a ledger.
MOST = 50
#: What asks for every twin of an issue.
ALL = "all"


@click.command()
@click.argument("slug", shell_complete=offering.issues)
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@offering.language_option("The language to send, or all; without it, the default one.")
@click.option(
    "--segment",
    shell_complete=offering.segments,
    multiple=True,
    help="As a reader in this segment gets it; without it, with every block.",
)
@click.option(
    "--subject", type=click.Choice(["a", "b"]), help="Only one subject, where there are two; without it, both."
)
@terminal.reporting
def test(
    workspace: Workspace,
    slug: str,
    addresses: tuple[str, ...],
    language: str,
    segment: tuple[str, ...],
    subject: str | None,
    as_json: bool,
) -> None:
    """Send the issue SLUG to a few ADDRESSES, who need not be readers, with [test] before its subject.

    Without an ADDRESS it goes to those that stand in newsletter.toml: [test] with to = ["eva@example.org"].

    It is the message that readers get, by the same route; the links to unsubscribe, to preferences and to
    answer in it change nothing. An issue with two subjects comes as two messages, [test a] and [test b]. Nothing
    is written into the ledger, and the gate does not run.

    \b
    Examples:
      newsletter test 2025-06
      newsletter test 2025-06 me@example.org
      newsletter test 2025-06 me@example.org you@example.org --language sv
      newsletter test 2025-06 --language all
      newsletter test 2025-06 me@example.org --subject b
    """
    issues = issuefiles.load(workspace, slug)
    wanted = _wanted(workspace, addresses)
    segments = _segments(workspace, segment) or segments_in(issues)
    spoken = _languages(workspace, issues, language)
    sides = [(code, arm) for code in spoken for arm in _arms(rendering.twin(issues, code), subject)]
    with wiring.people(workspace) as connection:
        made = [_messages(workspace, connection, issues, wanted, code, segments, arm) for code, arm in sides]
    messages = [message for each in made for message in each]
    replies = foreground.loop(_deliver(workspace, messages))
    taken = [200 <= reply.code < 300 for reply in replies]
    _report(slug, wanted * len(sides), replies, taken, as_json)
    sent = {rendering.twin(issues, code).language for code in spoken}
    others = [one.language for one in issues if one.language not in sent]
    if others and not as_json:
        name = tongue(rendering.twin(issues, spoken[0]).language, "en")[0]
        terminal.say(f"This was the letter in {name}; for another, add --language {' or '.join((*others, ALL))}.")
    if not as_json and not any(reply.code for reply in replies):
        terminal.say("`newsletter doctor` looks at the server; `newsletter catch` starts the built-in catcher.")
    if not all(taken):
        raise click.exceptions.Exit(foreground.PARTLY if any(taken) else 1)


def _languages(workspace: Workspace, issues: Sequence[Issue], asked: str) -> list[str]:
    """Return the languages to send in: those of all twins, the one that is asked for, or the issue's first."""
    if asked == ALL:
        return [one.language for one in issues]
    return [workspace.settings.letter.spoken(asked) if asked else issues[0].language]


def _wanted(workspace: Workspace, named: Sequence[str]) -> list[Address]:
    """Return who gets the test: the addresses that are *named*, or those of the settings. Raise UsageError."""
    wanted = [address.asked(text) for text in named or workspace.settings.testers.to]
    if not wanted:
        remedy = 'name an address, or write your colleagues into newsletter.toml: [test], and below it to = ["…"]'
        raise UsageError("nobody gets this test", remedy=remedy)
    if len(wanted) > MOST:
        remedy = f"{MOST} are the most; `send` has a ledger"
        raise UsageError(f"{len(wanted)} addresses are no test", remedy=remedy)
    return wanted


def _segments(workspace: Workspace, wanted: Sequence[str]) -> frozenset[str]:
    """Return the named segments that a reader of the test is in. Raise NotFoundError."""
    named = wiring.segments(workspace)
    if unknown := next((name for name in wanted if name not in named), None):
        remedy = f"known segments: {', '.join(named) or 'none yet'}"
        raise NotFoundError(f"there is no segment {cited(unknown)}", remedy=remedy)
    return frozenset(wanted)


def _arms(issue: Issue, subject: str | None) -> Sequence[str]:
    """Return the subjects to send: "" for the first or only one, "b" for the other. Raise UsageError."""
    if subject == "b" and not issue.subject_b:
        raise UsageError("this issue has one subject", where=issue.path, remedy="add a line such as subject_b: …")
    return {"a": [""], "b": ["b"]}.get(subject or "", ["", "b"] if issue.subject_b else [""])


def _messages(
    workspace: Workspace,
    connection: Connection,
    issues: Sequence[Issue],
    wanted: Sequence[Address],
    language: str,
    segments: frozenset[str],
    arm: str,
) -> list[Message]:
    rendered = rendering.Twins(workspace, issues).frozen(language, segments, arm)
    mark = f"[test {arm or 'a'}]" if rendering.twin(issues, language).subject_b else "[test]"
    slug = issues[0].list or next((each.slug for each in workspace.settings.lists), "test")
    letterhead = freezing.letterhead(workspace, slug, rendered.language, rendering.twin(issues, language))
    plan = message.compile(replace(rendered, subject=f"{mark} {rendered.subject}"), letterhead, terminal.now())
    ring = wiring.ring(workspace)
    names = Names(ring.derive(NAMES), letterhead.domain)
    links = messages.Links(ring, 0, 0).of(0)
    made = []
    for one in wanted:
        known = people.by_address(connection, one.canonical)
        values = (
            personal.values(known.name, one.typed, rendered.language, known.attributes)
            if known
            else {"email": one.typed}
        )
        recipient = message.Recipient(
            address=one.typed,
            name=known.name if known else "",
            # A number that no delivery has: two tests are two messages.
            message_id=names.message_id(-secrets.randbelow(2**48) - 1, terminal.now()),
            return_path=letterhead.sender,
            values={**values, **links},
        )
        made.append(plan.fill(recipient))
    return made


async def _deliver(workspace: Workspace, messages: Sequence[Message]) -> list[Reply]:
    courier = sending.courier(workspace)
    beside = asyncio.create_task(notice(courier.silence, terminal.say))
    try:
        return [await courier.deliver(each, nothing) for each in messages]
    finally:
        beside.cancel()
        await courier.close()


def _report(
    slug: str, wanted: Sequence[Address], replies: Sequence[Reply], taken: Sequence[bool], as_json: bool
) -> None:
    if as_json:
        rows = [
            {"email": one.typed, "accepted": good, "reply": reply.words}
            for one, reply, good in zip(wanted, replies, taken, strict=True)
        ]
        terminal.emit({"issue": slug, "tests": rows})
        return
    for one, reply, good in zip(wanted, replies, taken, strict=True):
        terminal.show(f"{'accepted' if good else 'NOT SENT'}  {one.typed}  {reply.words}")
