"""`newsletter test`: the real message to a few addresses, before it goes to everybody."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

import click

from newsletter import message
from newsletter.cli import foreground, freezing, rendering, sending, terminal, wiring
from newsletter.delivery import words
from newsletter.errors import UsageError
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.letterhead import NAMES, Names
from newsletter.model import Issue, Message, Reply
from newsletter.render import segments_in
from subscribers import address
from subscribers.model import Address
from subscribers.store import people
from subscribers.store.open import Connection

#: Addresses in one test at most: more is a send, which has a ledger.
MOST = 50


@click.command()
@click.argument("slug")
@click.argument("addresses", nargs=-1, required=True)
@click.option("--language", default="", help="The language to send; without it, the default one.")
@click.option(
    "--segment", multiple=True, help="As a reader in this segment gets it; without it, with every block."
)
@terminal.json_option
@click.pass_context
def test(
    context: click.Context,
    slug: str,
    addresses: tuple[str, ...],
    language: str,
    segment: tuple[str, ...],
    as_json: bool,
) -> None:
    """Send the issue SLUG to a few ADDRESSES, who need not be readers, with [test] before its subject.

    It is the message that readers get, by the same route; the links to unsubscribe and to preferences in it
    change nothing. Nothing is written into the ledger, and the gate does not run.

    \b
    Examples:
      newsletter test 2025-06 me@example.org
      newsletter test 2025-06 me@example.org you@example.org --language sv
    """
    workspace = terminal.here(context)
    issues = issuefiles.load(workspace, slug)
    wanted = [address.asked(text) for text in addresses]
    if len(wanted) > MOST:
        raise UsageError(
            f"{len(wanted)} addresses are no test", remedy=f"{MOST} are the most; `send` has a ledger"
        )
    segments = frozenset(segment) or segments_in(issues)
    connection = wiring.people(workspace)
    try:
        messages = _messages(workspace, connection, issues, wanted, language, segments)
    finally:
        connection.close()
    replies = foreground.loop(_deliver(workspace, messages))
    taken = [200 <= reply.code < 300 for reply in replies]
    _report(slug, wanted, replies, taken, as_json)
    if not all(taken):
        context.exit(foreground.PARTLY if any(taken) else 1)


def _messages(
    workspace: Workspace,
    connection: Connection,
    issues: Sequence[Issue],
    wanted: Sequence[Address],
    language: str,
    segments: frozenset[str],
) -> list[Message]:
    rendered = rendering.frozen(workspace, issues, language or issues[0].language, segments)
    slug = issues[0].list or next((each.slug for each in workspace.settings.lists), "test")
    letterhead = freezing.letterhead(workspace, slug, rendered.language)
    plan = message.compile(replace(rendered, subject=f"[test] {rendered.subject}"), letterhead, terminal.now())
    ring = wiring.ring(workspace)
    names = Names(ring.derive(NAMES), letterhead.domain)
    links = sending.Links(ring, letterhead.base_url).of(0, 0)
    made = []
    for one in wanted:
        known = people.by_address(connection, one.canonical)
        values = (
            sending.values(known.name, one.typed, rendered.language, known.attributes)
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
    try:
        return [await courier.deliver(each, _nothing) for each in messages]
    finally:
        await courier.close()


async def _nothing() -> None:
    """Commit nothing: a test has no ledger."""


def _report(
    slug: str, wanted: Sequence[Address], replies: Sequence[Reply], taken: Sequence[bool], as_json: bool
) -> None:
    if as_json:
        rows = [
            {"email": one.typed, "accepted": good, "reply": words(reply)}
            for one, reply, good in zip(wanted, replies, taken, strict=True)
        ]
        terminal.emit({"issue": slug, "tests": rows})
        return
    for one, reply, good in zip(wanted, replies, taken, strict=True):
        terminal.show(f"{'accepted' if good else 'NOT SENT'}  {one.typed}  {words(reply)}")
