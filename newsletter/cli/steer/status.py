"""`newsletter status`: where the sends stand, once or as long as one looks."""

from collections.abc import Iterator
from datetime import datetime

import click

from newsletter.cli import offering, terminal, wiring
from newsletter.cli.look import freezing
from newsletter.cli.plan import planning, speeding
from newsletter.cli.send import deciding, standing
from newsletter.errors import UsageError
from newsletter.files.workspace import Workspace
from newsletter.model import Reply, Stage
from newsletter.send.lock import holder
from subscribers.model import DeliveryState, Send, SendState
from subscribers.status import OPEN
from subscribers.store.file.open import Connection
from subscribers.store.ledger import census, sends

#: What `status` shows of each send: the states behind a word.
COLUMNS = {
    "accepted": (DeliveryState.ACCEPTED,),
    "to go": OPEN,
    "refused": (DeliveryState.REFUSED,),
    "uncertain": (DeliveryState.UNCERTAIN,),
    "left out": (DeliveryState.SUPPRESSED, DeliveryState.CANCELLED),
}

#: What `status --show` prints of each reader, with tabs between.
SHOWN = ("email", "attempts", "message_id", "reply", "due")


@click.command()
@click.argument("which", shell_complete=offering.sends, metavar="[SEND]", default="")
@click.option(
    "--show", type=click.Choice([state.value for state in DeliveryState]), help="List the readers in this state."
)
@click.option("--watch", is_flag=True, help="Look again and again, until it has ended or you press Ctrl-C.")
@terminal.reporting
def status(workspace: Workspace, which: str, show: str | None, watch: bool, as_json: bool) -> None:
    """Show where the sends stand, or one of them: SEND is its number or its issue.

    Below stands what holds mail up: what is used of the routes' rates, and which routes and domains asked for
    patience, since when, and how fast they are sent to now.

    --watch shows one send as it goes on, wherever it runs: how far it is, how fast it goes, when it will have
    arrived, and how each domain stands. It only looks: ending it ends no send.

    \b
    Examples:
      newsletter status
      newsletter status 2025-06 --show refused
      newsletter status --watch
      newsletter status 3 --json
    """
    if watch and (show or as_json):
        raise UsageError("--watch is for people to look at", remedy="leave --json and --show out, or --watch")
    with wiring.people(workspace) as connection:
        found = (standing.find(connection, which),) if which or show or watch else sends.all(connection)
        if watch:
            from newsletter.cli.steer import watching

            watching.watch(workspace, connection, found[0])
        elif as_json:
            documents = [standing.describe(connection, one, *_ahead(workspace, connection, one)) for one in found]
            if which:
                documents[0]["domains"] = standing.domains(connection, found[0])
            if show:
                documents[0]["deliveries"] = list(_lines(workspace, connection, found[0], show))
            terminal.emit({"sends": documents, **speeding.document(_speeds(workspace, connection))})
        elif show:
            if not census.counts(connection, found[0].id)[DeliveryState(show)]:
                terminal.say(f"Nobody is {show} in send {found[0].id} of {found[0].issue}.")
            for line in _lines(workspace, connection, found[0], show):
                terminal.show("\t".join(str(line[key] or "") for key in SHOWN))
        elif which:
            _detail(workspace, connection, found[0])
        else:
            _overview(workspace, connection, found)


def _overview(workspace: Workspace, connection: Connection, found: tuple[Send, ...]) -> None:
    if not found:
        terminal.say("Nothing was sent yet; `newsletter send SLUG` sends an issue.")
        return
    rows = []
    for one in found:
        counts = census.counts(connection, one.id)
        # Before it is decided who gets it a 0 would say that nobody does.
        decided = one.started or sum(counts.values())
        numbers = [
            f"{sum(counts[state] for state in states):,}" if decided else ""
            for states in (tuple(counts), *COLUMNS.values())
        ]
        rows.append((one.id, one.issue, one.state, *numbers))
    terminal.table(("send", "issue", "state", "readers", *COLUMNS), rows)
    for one in found:
        if one.state is SendState.SCHEDULED and one.due:
            when = terminal.clock(one.due, workspace.settings.letter.timezone)
            terminal.say(f"Send {one.id} of {one.issue} is due {when}; who gets it is decided then.")
        for line in _told(workspace, connection, one):
            terminal.say(f"Send {one.id} of {one.issue}: {line}")
    _slow(workspace, connection)


def _told(workspace: Workspace, connection: Connection, one: Send) -> list[str]:
    """Return what somebody must know of a send among others: how it goes on, and who is in doubt."""
    counts = census.counts(connection, one.id)
    waiting = deciding.waiting(connection, one, workspace.settings.letter.timezone)
    lines = standing.stopped(one) + ([waiting[1]] if waiting[0] else [])
    lines += standing.onward(one, counts, holder(workspace.lock), waiting)
    return lines + standing.in_doubt(one, counts)


def _speeds(workspace: Workspace, connection: Connection) -> speeding.Speeds:
    return speeding.speeds(workspace, connection, terminal.now())


def _ahead(workspace: Workspace, connection: Connection, one: Send) -> tuple[float, datetime | None]:
    """Return how many readers a second a send reaches now, and when it will have reached the last."""
    now = terminal.now()
    rate = census.rate(connection, one.id, now) if one.state is SendState.SENDING else 0.0
    return rate, planning.arrival(workspace, connection, one, rate, now) if rate else None


def _slow(workspace: Workspace, connection: Connection) -> None:
    """Show what holds mail up, if anything does."""
    lines = speeding.words(_speeds(workspace, connection), workspace.settings.letter.timezone, standing.DOMAINS)
    if lines:
        terminal.show("")
    for line in lines:
        terminal.show(line)


def _detail(workspace: Workspace, connection: Connection, one: Send) -> None:
    zone = workspace.settings.letter.timezone
    counts = census.counts(connection, one.id)
    terminal.show(f"Send {one.id} of {one.issue} to the list {one.list} is {one.state}.")
    if one.started or sum(counts.values()):
        terminal.show(f"{terminal.counted(sum(counts.values()), 'reader')}: {standing.summary(counts)}.")
    else:
        terminal.show("Who gets it is decided when it starts.")
    rule = freezing.load(one.rule)
    tried = deciding.trial(connection, one)
    for label, value in (
        ("only", rule.segment),
        ("not", " / ".join(rule.exclude)),
        ("due", terminal.clock(one.due, zone) if one.due and not one.started else ""),
        ("started", terminal.clock(one.started, zone) if one.started else ""),
        ("forced", one.forced),
        ("paused", one.reason),
        ("subject", tried.words if tried else ""),
        ("content", one.content[:16]),
    ):
        if value:
            terminal.show(f"  {label:<8} {value}")
    rate, arrival = _ahead(workspace, connection, one)
    if rate:
        about = f"arrives about {terminal.clock(arrival, zone)}" if arrival else "it would not arrive in 90 days"
        terminal.show(f"  {terminal.speed(rate)}; {about}")
    if words := standing.next_one(connection, one, counts, zone):
        terminal.show(f"  {words}")
    if one.state in (SendState.SENDING, SendState.PAUSED, SendState.SCHEDULED):
        _slow(workspace, connection)
    waiting = deciding.waiting(connection, one, zone)
    for line in standing.advice(one, counts, holder(workspace.lock), waiting):
        terminal.say(line)


def _lines(workspace: Workspace, connection: Connection, one: Send, state: str) -> Iterator[dict[str, object]]:
    """Yield what the ledger says of each reader in a state."""
    from newsletter.cli.send import messages

    names = messages.names(workspace, connection, one)
    for line in census.lines(connection, one.id, DeliveryState(state)):
        reply = Reply(Stage.DOT, line.code, line.enhanced, line.reply)
        yield {
            "email": line.email,
            "state": line.state.value,
            "attempts": line.attempts,
            "due": line.due.isoformat() if line.due else None,
            "reply": reply.words if line.code or line.reply else "",
            "message_id": names.message_id(line.id, one.created),
        }
