"""What an editor wants sent and to whom, and whether the issue may still go out. Sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.cli import terminal
from newsletter.cli.look import freezing
from newsletter.errors import RefusedError, UsageError
from newsletter.files.workspace import Workspace
from newsletter.model import Issue
from subscribers.model import DeliveryState, SendState
from subscribers.store.file.open import Connection
from subscribers.store.ledger import audiences, census, sends
from subscribers.store.register import lists

UNFINISHED = (SendState.SCHEDULED, SendState.SENDING, SendState.PAUSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the editor asked for; "" is what they left out. *force* is their reason to send in spite of errors."""

    slug: str
    list: str
    segment: str
    exclude: tuple[str, ...]
    at: str = ""
    force: str = ""
    newcomers: bool = False
    deadline: str = ""
    command: str = ""


def rule_of(
    workspace: Workspace, connection: Connection, issues: Sequence[Issue], wanted: Wanted
) -> freezing.Rule:
    """Return who a send is for. Raise UsageError where no list is named, NotFoundError, SegmentError."""
    slug = wanted.list or issues[0].list
    if not slug:
        known = [each.slug for each in workspace.settings.lists]
        if len(known) != 1:
            remedy = f"name it with --list; known lists: {', '.join(known) or 'none yet'}"
            raise UsageError("the issue names no list", where=issues[0].path, remedy=remedy)
        slug = known[0]
    lists.number(connection, slug)
    return freezing.rule(
        workspace,
        connection,
        issues,
        list=slug,
        segment=wanted.segment,
        exclude=wanted.exclude,
        newcomers=wanted.newcomers,
    )


def refuse_twice(workspace: Workspace, connection: Connection, wanted: Wanted) -> None:
    """Raise RefusedError if the issue went out already and nobody asked for newcomers."""
    for one in sends.all(connection, wanted.slug):
        counts = census.counts(connection, one.id)
        left_out = counts[DeliveryState.CANCELLED] + counts[DeliveryState.SUPPRESSED]
        reached = sum(counts.values()) - left_out
        if one.state in UNFINISHED:
            raise RefusedError(
                f"send {one.id} of {wanted.slug} is {one.state}", remedy="`newsletter status` shows it"
            )
        if reached and not wanted.newcomers:
            when = terminal.day(one.started, workspace.settings.letter.timezone) if one.started else "before"
            what = f"{wanted.slug} was sent on {when} to {terminal.counted(reached, 'reader')} (send {one.id})"
            remedy = "add --to-new for readers who were not sent it yet, or --to-failed for those who were refused"
            if doubtful := counts[DeliveryState.UNCERTAIN]:
                remedy += f"; of {doubtful:,} nobody knows whether they have it: `newsletter resolve {one.id}`"
            raise RefusedError(what, remedy=remedy)


def nobody(connection: Connection, rule: freezing.Rule, now: datetime) -> str:
    """Return why nobody may be in the audience, and where to look."""
    if rule.issue and audiences.groups(connection, replace(rule, issue="").audience(connection, now)):
        return "whoever confirmed was sent it already"
    if rule.segment:
        return f"look whom `newsletter segments count` finds for: {rule.segment}"
    return f"only readers who confirmed get it; `newsletter lists` counts those of {rule.list}"
