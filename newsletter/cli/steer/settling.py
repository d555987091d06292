"""`newsletter retry` and `newsletter resolve`: those who were refused, and those of whom nobody knows."""

from collections.abc import Sequence

import click

from newsletter.bounce import maillog
from newsletter.cli import offering, terminal
from newsletter.cli.send import messages, standing
from newsletter.cli.steer.steering import steered, tell
from newsletter.errors import RefusedError, UsageError
from newsletter.files.logs import read
from newsletter.files.workspace import Workspace
from newsletter.receive import refusals
from subscribers.model import DeliveryState, Send, SendState
from subscribers.store.file.open import Connection, transaction
from subscribers.store.ledger import census, deliveries, sends

#: Of whom a log may tell: those in doubt, and where an old copy of the ledger was put back, those who wait in it.
PROVABLE = (DeliveryState.UNCERTAIN, DeliveryState.QUEUED, DeliveryState.DEFERRED)


@click.command()
@click.argument("which", shell_complete=offering.sends, metavar="[SEND]", default="")
@click.option("--failed", is_flag=True, help="The same, said in full: nobody else is ever tried again.")
@terminal.reporting
def retry(workspace: Workspace, which: str, failed: bool, as_json: bool) -> None:
    """Queue the readers whose server refused them once more. SEND is the latest one unless named.

    \b
    Examples:
      newsletter retry 3
      newsletter retry 3 --failed
    """
    with steered(workspace, "newsletter retry") as connection:
        found = _requeue(connection, standing.find(connection, which), DeliveryState.REFUSED)
        tell(connection, found, as_json, _next(found))


@click.command()
@click.argument("which", shell_complete=offering.sends, metavar="[SEND]", default="")
@click.option("--as", "verdict", type=click.Choice(["sent", "resend"]), help="They have it; send it again.")
@click.option(
    "--from-log",
    "logs",
    type=click.Path(),
    metavar="FILE",
    multiple=True,
    help="Settle first what this mail log proves: of Postfix, Exim or sendmail, packed or not, - for stdin.",
)
@terminal.reporting
def resolve(workspace: Workspace, which: str, verdict: str | None, logs: tuple[str, ...], as_json: bool) -> None:
    """Settle the deliveries that are uncertain: the message may have left, and no answer came.

    --from-log looks for each Message-ID in your server's log, as syslog or the journal keeps it: what the server
    took counts as accepted, and what it gave back since as a bounce; so do those who wait, where an older copy of
    the people's file was put back. A log that does not name a message proves nothing of it, for it may be another
    server's or an older one.

    For the rest, or without a log, say "sent" if they have it, or "resend" to queue them once more; who had it
    then has it twice. SEND is the latest one unless named.

    \b
    Examples:
      newsletter resolve 3 --from-log /var/log/mail.log
      newsletter resolve 3 --as sent
      newsletter resolve --as resend --from-log mail.log.1.gz --from-log mail.log
      journalctl -u 'postfix*' -o short-iso | newsletter resolve --from-log -
    """
    if not verdict and not logs:
        raise UsageError(
            "nothing says what became of them", remedy="add --from-log FILE, --as sent or --as resend"
        )
    with steered(workspace, "newsletter resolve") as connection:
        found = standing.find(connection, which)
        counts = census.counts(connection, found.id)
        if not any(counts[state] for state in (PROVABLE if logs else PROVABLE[:1])):
            raise RefusedError(f"nothing is uncertain in send {found.id} of {found.issue}")
        if logs:
            terminal.say(_prove(workspace, connection, found, logs))
        tell(connection, found, as_json, _settle(connection, found, verdict))


def _prove(workspace: Workspace, connection: Connection, found: Send, logs: Sequence[str]) -> str:
    """Count as accepted what *logs* prove that the server took, and as bounced what it gave back. Say so."""
    names = messages.names(workspace, connection, found)
    lines = (line for state in PROVABLE for line in census.lines(connection, found.id, state))
    doubtful = {names.message_id(line.id, found.created): line.id for line in lines}
    told = maillog.fates(read(logs), doubtful)
    if not told.understood:
        # A wrong file must not let `--as resend` double whom the right one would have proven to have it.
        raise RefusedError(
            "no line tells of a message as Postfix, Exim or sendmail write it; nothing is settled",
            where=", ".join(logs),
            remedy="name their log, or the journal as `journalctl -o short-iso` prints it; another server's you "
            f"search by hand for what `newsletter status {found.id} --show uncertain` lists",
        )
    fates = {doubtful[name]: fate for name, fate in told.items()}
    bounced = {delivery: fate for delivery, fate in fates.items() if fate.bounced}
    rule, now = workspace.settings.feedback.rule, terminal.now()
    with transaction(connection):
        waited = deliveries.prove(connection, found.id, list(fates), now)
        # Nothing may be left to send: the log told of all.
        sends.settle(connection, found.id, now)
        for delivery, fate in bounced.items():
            refusals.note(connection, delivery, fate.bounced, now, "the server's log", rule, fate.status)
    if not fates:
        return "The log names none of these messages as taken."
    back = f", and gave back {len(bounced):,} of them since" if bounced else ""
    still = f", {waited:,} of which were still to be sent here" if waited else ""
    return f"The log proves that the server took {terminal.counted(len(fates), 'message')}{still}{back}."


def _settle(connection: Connection, found: Send, verdict: str | None) -> str:
    """Do with the rest what *verdict* says. Return what to tell."""
    left = census.counts(connection, found.id)[DeliveryState.UNCERTAIN]
    if not left:
        return "Nothing is uncertain any more."
    match verdict:
        case "resend":
            return _next(_requeue(connection, found, DeliveryState.UNCERTAIN))
        case "sent":
            with transaction(connection):
                return f"{deliveries.confirm(connection, found.id, terminal.now()):,} count as accepted."
        case _:
            words = f"`newsletter resolve {found.id} --as sent` or `--as resend`"
            return f"{left:,} are still uncertain: the log does not prove them. {words} settles them."


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
