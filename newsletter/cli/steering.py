"""Look at sends and steer them: `status`, `pause`, `resume`, `cancel`, `retry`, `resolve`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo

import click

from newsletter.cli import freezing, standing, terminal, wiring
from newsletter.delivery import words
from newsletter.errors import NotFoundError, RefusedError
from newsletter.files.workspace import Workspace
from newsletter.model import Reply, Stage
from newsletter.send.lock import hold
from subscribers.errors import LockedError, TransitionError
from subscribers.model import DeliveryState, Send, SendState
from subscribers.store import deliveries, sends
from subscribers.store.open import Connection, transaction

#: What `status` shows of each send: the states behind a word.
COLUMNS = {
    "accepted": (DeliveryState.ACCEPTED,),
    "to go": standing.OPEN,
    "refused": (DeliveryState.REFUSED,),
    "uncertain": (DeliveryState.UNCERTAIN,),
    "left out": (DeliveryState.SUPPRESSED, DeliveryState.CANCELLED),
}

#: What `status --show` prints of each reader, with tabs between.
SHOWN = ("email", "attempts", "message_id", "reply", "due")


@click.command()
@click.argument("which", metavar="[SEND]", default="")
@click.option(
    "--show", type=click.Choice([state.value for state in DeliveryState]), help="List the readers in this state."
)
@terminal.json_option
@click.pass_context
def status(context: click.Context, which: str, show: str | None, as_json: bool) -> None:
    """Show where the sends stand, or one of them: SEND is its number or its issue.

    \b
    Examples:
      newsletter status
      newsletter status 2025-06 --show refused
      newsletter status 3 --json
    """
    workspace = terminal.here(context)
    with _opened(workspace) as connection:
        found = (_find(connection, which),) if which or show else sends.all(connection)
        if as_json:
            documents = [standing.describe(connection, one) for one in found]
            if show:
                documents[0]["deliveries"] = list(_lines(workspace, connection, found[0], show))
            terminal.emit({"sends": documents})
        elif show:
            for line in _lines(workspace, connection, found[0], show):
                terminal.show("\t".join(str(line[key] or "") for key in SHOWN))
        elif which:
            _detail(connection, found[0], workspace.settings.letter.timezone)
        else:
            _overview(connection, found)


@click.command()
@click.argument("which", metavar="[SEND]", default="")
@terminal.json_option
@click.pass_context
def pause(context: click.Context, which: str, as_json: bool) -> None:
    """Stop a send where it is, within a second, wherever it runs. SEND is the latest one unless named.

    \b
    Examples:
      newsletter pause
      newsletter pause 3
    """
    with _opened(terminal.here(context)) as connection:
        found = _move(connection, which, SendState.PAUSED)
        _tell(connection, found, as_json, f"Paused. `newsletter resume {found.id}` goes on.")


@click.command()
@click.argument("which", metavar="[SEND]", default="")
@terminal.json_option
@click.pass_context
def resume(context: click.Context, which: str, as_json: bool) -> None:
    """Go on with a paused send. SEND is the latest one unless named.

    \b
    Examples:
      newsletter resume
      newsletter resume 3
    """
    from newsletter.cli import foreground

    workspace = terminal.here(context)
    with _opened(workspace) as connection:
        found = _find(connection, which)
        if found.state is not SendState.PAUSED:
            raise RefusedError(f"send {found.id} of {found.issue} is {found.state}, not paused")
        if not found.started:
            found = _move(connection, str(found.id), SendState.SCHEDULED)
            _tell(connection, found, as_json, "Scheduled again; `newsletter serve` starts it.")
            return
        found = _move(connection, str(found.id), SendState.SENDING)
        try:
            with hold(workspace.lock, f"newsletter resume {found.id}", terminal.now()):
                ended = foreground.run(workspace, connection, found)
        except LockedError as error:
            _tell(connection, found, as_json, f"It goes on: {error.what}.")
            return
        foreground.report(context, connection, ended, as_json)


@click.command()
@click.argument("which", metavar="[SEND]", default="")
@click.option("--yes", is_flag=True, help="Do not ask.")
@terminal.json_option
@click.pass_context
def cancel(context: click.Context, which: str, yes: bool, as_json: bool) -> None:
    """End a send for good: who was not sent it yet never is. SEND is the latest one unless named.

    \b
    Examples:
      newsletter cancel
      newsletter cancel 3 --yes
    """
    with _opened(terminal.here(context)) as connection:
        found = _find(connection, which)
        counts = deliveries.counts(connection, found.id)
        left = sum(counts[state] for state in standing.OPEN)
        readers = terminal.counted(left, "reader")
        question = f"End send {found.id} of {found.issue} for good? {readers} would never get it."
        terminal.confirm(question, "nothing was cancelled", yes or not left)
        found = _move(connection, str(found.id), SendState.CANCELLED)
        _tell(connection, found, as_json, "Cancelled.")


@click.command()
@click.argument("which", metavar="[SEND]", default="")
@terminal.json_option
@click.pass_context
def retry(context: click.Context, which: str, as_json: bool) -> None:
    """Queue the readers whose server refused them once more. SEND is the latest one unless named.

    \b
    Examples:
      newsletter retry 3
    """
    with _opened(terminal.here(context)) as connection:
        found = _requeue(connection, _find(connection, which), DeliveryState.REFUSED)
        _tell(connection, found, as_json, _next(found))


@click.command()
@click.argument("which", metavar="[SEND]", default="")
@click.option(
    "--as", "verdict", type=click.Choice(["sent", "resend"]), required=True, help="They have it; send it again."
)
@terminal.json_option
@click.pass_context
def resolve(context: click.Context, which: str, verdict: str, as_json: bool) -> None:
    """Settle the deliveries that are uncertain: the message may have left, and no answer came.

    Look into the server's log for the Message-ID, or ask a reader. Then say "sent" if they have it, or "resend"
    to queue them once more; who had it then has it twice. SEND is the latest one unless named.

    \b
    Examples:
      newsletter resolve 3 --as sent
      newsletter resolve --as resend
    """
    with _opened(terminal.here(context)) as connection:
        found = _find(connection, which)
        if verdict == "resend":
            found = _requeue(connection, found, DeliveryState.UNCERTAIN)
            _tell(connection, found, as_json, _next(found))
            return
        with transaction(connection):
            settled = deliveries.confirm(connection, found.id, terminal.now())
        if not settled:
            raise RefusedError(f"nothing is uncertain in send {found.id} of {found.issue}")
        _tell(connection, found, as_json, f"{settled:,} count as accepted.")


@contextmanager
def _opened(workspace: Workspace) -> Iterator[Connection]:
    connection = wiring.people(workspace)
    try:
        yield connection
    finally:
        connection.close()


def _find(connection: Connection, which: str) -> Send:
    """Return the send with this number, the latest of this issue, or the latest of all. Raise NotFoundError."""
    found = sends.all(connection, which)
    # An issue may be called 2025, too.
    if which.isdecimal() and len(which) < 10 and not (found and int(which) > sends.all(connection)[0].id):
        return sends.get(connection, int(which))
    if not found:
        what = f"nothing of {which} was sent" if which else "nothing was sent yet"
        raise NotFoundError(what, remedy="`newsletter send SLUG` sends an issue")
    return found[0]


def _move(connection: Connection, which: str, to: SendState) -> Send:
    """Change a send's state. Raise RefusedError if that cannot be."""
    with transaction(connection):
        found = _find(connection, which)
        try:
            return sends.move(connection, found.id, to, terminal.now())
        except TransitionError:
            what = f"send {found.id} of {found.issue} is {found.state} and cannot become {to}"
            raise RefusedError(what, remedy="`newsletter status` shows where it stands") from None


def _requeue(connection: Connection, found: Send, state: DeliveryState) -> Send:
    """Queue the rows in *state* once more, and open the send again for them."""
    with transaction(connection):
        # Looked at again: a sender that is at work may have ended it a moment ago.
        found = sends.get(connection, found.id)
        if found.state is SendState.CANCELLED:
            what = f"send {found.id} of {found.issue} was cancelled"
            raise RefusedError(what, remedy="what is cancelled stays so")
        if not deliveries.requeue(connection, found.id, state, terminal.now()):
            raise RefusedError(f"nobody is {state} in send {found.id} of {found.issue}")
        if found.state is SendState.DONE:
            return sends.move(connection, found.id, SendState.SENDING, terminal.now())
    return found


def _next(found: Send) -> str:
    if found.state is SendState.PAUSED:
        return f"Queued; the send is paused, and `newsletter resume {found.id}` goes on."
    return f"Queued; run `newsletter send {found.issue}`, or leave it to `newsletter serve`."


def _tell(connection: Connection, found: Send, as_json: bool, words: str) -> None:
    if as_json:
        terminal.emit({"sends": [standing.describe(connection, found)]})
    else:
        terminal.show(f"Send {found.id} of {found.issue} is {found.state}.")
        terminal.say(words)


def _overview(connection: Connection, found: tuple[Send, ...]) -> None:
    if not found:
        terminal.say("Nothing was sent yet; `newsletter send SLUG` sends an issue.")
        return
    rows = []
    for one in found:
        counts = deliveries.counts(connection, one.id)
        numbers = [f"{sum(counts[state] for state in states):,}" for states in COLUMNS.values()]
        rows.append((one.id, one.issue, one.state, f"{sum(counts.values()):,}", *numbers))
    terminal.table(("send", "issue", "state", "readers", *COLUMNS), rows)


def _detail(connection: Connection, one: Send, zone: tzinfo) -> None:
    counts = deliveries.counts(connection, one.id)
    terminal.show(f"Send {one.id} of {one.issue} to the list {one.list} is {one.state}.")
    terminal.show(f"{sum(counts.values()):,} readers: {standing.summary(counts)}.")
    rule = freezing.load(one.rule)
    for label, value in (
        ("only", rule.segment),
        ("not", " / ".join(rule.exclude)),
        ("due", terminal.clock(one.due, zone) if one.due and not one.started else ""),
        ("started", terminal.clock(one.started, zone) if one.started else ""),
        ("forced", one.forced),
        ("paused", one.reason),
        ("content", one.content[:16]),
    ):
        if value:
            terminal.show(f"  {label:<8} {value}")
    wakes = deliveries.wakes(connection, one.id)
    if wakes:
        terminal.show(f"  the next deferred reader is tried at {terminal.clock(wakes, zone)}")
    for line in standing.advice(one, counts):
        terminal.say(line)


def _lines(workspace: Workspace, connection: Connection, one: Send, state: str) -> Iterator[dict[str, object]]:
    """Yield what the ledger says of each reader in a state."""
    from newsletter.cli import sending

    names = sending.names(workspace, connection, one)
    for line in deliveries.lines(connection, one.id, DeliveryState(state)):
        reply = Reply(Stage.DOT, line.code, line.enhanced, line.reply)
        yield {
            "email": line.email,
            "state": line.state.value,
            "attempts": line.attempts,
            "due": line.due.isoformat() if line.due else None,
            "reply": words(reply) if line.code or line.reply else "",
            "message_id": names.message_id(line.id, one.created),
        }
