"""What `newsletter send` does: run the gate, freeze content and audience, and send or schedule."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice

from newsletter import sentence
from newsletter.cli import terminal, wiring
from newsletter.cli.look import freezing, gating
from newsletter.cli.plan import addressing, approving, planning, rehearsing
from newsletter.cli.send import following, foreground, standing
from newsletter.cli.send.alone import alone, recover
from newsletter.cli.send.sending import courier, routes
from newsletter.errors import RefusedError, UsageError
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.model import Issue, Level
from newsletter.send.standing import DEADLINE
from subscribers.model import DeliveryState, Send, SendState
from subscribers.store.file.open import Connection, transaction
from subscribers.store.file.trouble import refuse_full
from subscribers.store.ledger import deliveries, sends
from subscribers.variant import REST

#: How often to freeze again when somebody joins between looking and freezing.
TRIES = 3

#: So many findings are listed in a refusal.
LISTED = 5


def send(
    workspace: Workspace, wanted: addressing.Wanted, *, dry_run: bool, to_failed: bool, yes: bool, as_json: bool
) -> None:
    """Do what `newsletter send` was asked for, and end the command with its code."""
    with closing(wiring.people(workspace)) as connection:
        if dry_run and to_failed:
            rehearsing.again(connection, _failed(connection, wanted), as_json)
            return
        if dry_run:
            rehearsing.run(workspace, connection, wanted, as_json)
            return
        recover(workspace, connection, f"newsletter send {wanted.slug}")
        begun = next(
            (one for one in sends.all(connection, wanted.slug) if one.state in addressing.UNFINISHED), None
        )
        if begun:
            ended = _go_on(workspace, connection, begun, wanted)
        elif to_failed:
            ended = _again(workspace, connection, wanted)
        else:
            ended = _new(workspace, connection, wanted, yes)
        if wanted.command:
            foreground.loop(following.run(connection, ended.send, wanted.command, terminal.say))
        if ended.send.state is SendState.SCHEDULED:
            _scheduled(workspace, connection, ended.send, as_json)
        else:
            foreground.report(workspace, connection, ended, as_json)


def _go_on(
    workspace: Workspace, connection: Connection, begun: Send, wanted: addressing.Wanted
) -> foreground.Ended:
    """Resume an unfinished send of the issue."""
    now = terminal.now()
    if wanted.list not in ("", begun.list):
        what = f"send {begun.id} of {begun.issue} to the list {begun.list} is not finished"
        raise RefusedError(what, remedy=f"finish it, or end it with `newsletter cancel {begun.id}`")
    if not begun.started and begun.due and begun.due > now:
        what = f"send {begun.id} of {begun.issue} is {begun.state}, and due {_clock(workspace, begun.due)}"
        resumed = f"once you run `newsletter resume {begun.id}`, " if begun.state is SendState.PAUSED else ""
        remedy = f"{resumed}`newsletter serve` starts it then, with the words that it had; to send it now, or"
        remedy += f" changed, run `newsletter cancel {begun.id}` first"
        raise RefusedError(what, remedy=remedy)
    if begun.state is SendState.PAUSED and begun.reason == DEADLINE:
        what = f"send {begun.id} of {begun.issue} is paused: {DEADLINE}"
        raise RefusedError(what, remedy=standing.remedy(begun))
    _refuse_frozen(workspace, connection, begun, wanted)
    with alone(workspace, connection, f"newsletter send {begun.issue}"):
        terminal.say(f"Send {begun.id} of {begun.issue} is {begun.state}; going on with it.")
        with transaction(connection):
            begun = sends.get(connection, begun.id)
            if begun.state is SendState.SCHEDULED or not begun.started:
                begun = freezing.start(connection, begun, now)
            elif begun.state is SendState.PAUSED:
                begun = sends.move(connection, begun.id, SendState.SENDING, now)
        return foreground.run(workspace, connection, begun)


def _refuse_frozen(workspace: Workspace, connection: Connection, begun: Send, wanted: addressing.Wanted) -> None:
    """Raise RefusedError where the editor means other readers or words than the unfinished send has.

    One that was only interrupted goes on whatever the file says by now: it was asked for as it is.
    """
    if wanted.newcomers and not freezing.load(begun.rule).issue:
        what = f"send {begun.id} of {begun.issue} is {begun.state}; --to-new is for one of its own, after it"
    elif begun.state is not SendState.SENDING and freezing.has_changed(workspace, connection, begun):
        what = f"{begun.issue} has changed since its send {begun.id}, which is {begun.state}, was frozen"
    else:
        return
    old = f"newsletter resume {begun.id}" if begun.state is not SendState.SCHEDULED else "newsletter serve"
    new = f"newsletter cancel {begun.id}` and `newsletter send {begun.issue}{' --to-new' if begun.started else ''}"
    raise RefusedError(what, remedy=f"`{old}` sends the words that it had; `{new}` sends those that it has now")


def _failed(connection: Connection, wanted: addressing.Wanted) -> Send:
    """Return the send whose refused readers are meant. Raise RefusedError, UsageError."""
    done = next((one for one in sends.all(connection, wanted.slug) if one.state is SendState.DONE), None)
    if done is None:
        raise RefusedError(f"{wanted.slug} was not sent yet", remedy=f"run: newsletter send {wanted.slug}")
    chosen = {
        "--list": wanted.list not in ("", done.list),
        "--segment": wanted.segment,
        "--exclude": wanted.exclude,
        "--at": wanted.at,
        "--deadline": wanted.deadline,
        "--to-new": wanted.newcomers,
    }
    for option in filter(chosen.get, chosen):
        what = f"--to-failed goes now to all who were refused in send {done.id}; {option} would change nothing"
        raise UsageError(what, remedy=f"leave {option} out")
    return done


def _again(workspace: Workspace, connection: Connection, wanted: addressing.Wanted) -> foreground.Ended:
    """Send once more to the readers who were refused."""
    done, slug, now = _failed(connection, wanted), wanted.slug, terminal.now()
    with alone(workspace, connection, f"newsletter send {slug}"):
        with transaction(connection):
            if not deliveries.requeue(connection, done.id, DeliveryState.REFUSED, now):
                raise RefusedError(
                    f"nobody was refused in send {done.id} of {slug}", remedy="nothing is to be done"
                )
            done = sends.move(connection, done.id, SendState.SENDING, now)
        return foreground.run(workspace, connection, done)


def _new(workspace: Workspace, connection: Connection, wanted: addressing.Wanted, yes: bool) -> foreground.Ended:
    """Freeze and begin a new send."""
    # The gate opens the file beside us, which nobody can where a full disk made us hold it alone.
    refuse_full(workspace.people)
    issues = issuefiles.load(workspace, wanted.slug)
    addressing.refuse_twice(workspace, connection, wanted)
    _gate(workspace, wanted)
    routes(workspace)
    rule = addressing.rule_of(workspace, connection, issues, wanted)
    # Before anybody is asked; once more with what is frozen.
    approving.demand(workspace, issues, rule, {})
    now = terminal.now()
    rule = planning.timed(workspace, rule, issues[0], wanted.at, wanted.deadline, now)
    due = planning.due(workspace, connection, rule, issues[0], wanted.at, now)
    if due and wanted.command:
        remedy = "set exec in [feedback]: `newsletter serve` runs it when the send ends"
        raise UsageError("--exec is for a send that goes out now", remedy=remedy)
    sizes = rule.sizes(connection, now)
    count = sum(sizes.values())
    if not count and due is None:
        remedy = addressing.nobody(connection, rule, now)
        raise RefusedError("nobody is in the audience", where=wanted.slug, remedy=remedy)
    rest = sum(size for name, size in sizes.items() if name.endswith(REST) and rule.sized(sizes).trying)
    _ask(workspace, rule, wanted.slug, count, rest, due, yes)
    if due:
        return foreground.Ended(_schedule(workspace, connection, issues, rule, wanted, due))
    # A password or a key that is missing leaves nothing frozen behind.
    courier(workspace)
    with alone(workspace, connection, f"newsletter send {wanted.slug}"):
        made = _freeze(workspace, connection, issues, rule, wanted)
        return foreground.run(workspace, connection, made)


def _freeze(
    workspace: Workspace,
    connection: Connection,
    issues: Sequence[Issue],
    rule: freezing.Rule,
    wanted: addressing.Wanted,
) -> Send:
    """Freeze content and audience in one transaction."""
    for attempt in range(TRIES):
        now = terminal.now()
        contents = freezing.contents(workspace, issues, rule, rule.sizes(connection, now))
        approving.demand(workspace, issues, rule, contents)
        try:
            with transaction(connection):
                made = _create(workspace, connection, rule, contents, wanted, now, now)
                return freezing.start(connection, made, now)
        except sends.MixedError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _schedule(
    workspace: Workspace,
    connection: Connection,
    issues: Sequence[Issue],
    rule: freezing.Rule,
    wanted: addressing.Wanted,
    due: datetime,
) -> Send:
    """Freeze the content now, in every variant that somebody may need then."""
    contents = freezing.contents(workspace, issues, rule, rule.possible())
    approving.demand(workspace, issues, rule, contents)
    with transaction(connection):
        return _create(workspace, connection, rule, contents, wanted, terminal.now(), due)


def _create(
    workspace: Workspace,
    connection: Connection,
    rule: freezing.Rule,
    contents: Mapping[str, bytes],
    wanted: addressing.Wanted,
    now: datetime,
    due: datetime,
) -> Send:
    """Write the send into the ledger, unless somebody else just did."""
    addressing.refuse_twice(workspace, connection, wanted)
    counted = workspace.settings.tracking.clicks
    return freezing.create(
        connection, rule, contents, wanted.slug, now=now, due=due, forced=wanted.force, counted=counted
    )


def _gate(workspace: Workspace, wanted: addressing.Wanted) -> None:
    """Raise RefusedError for errors that the gate finds, unless somebody takes it on themselves."""
    errors = [one for one in gating.findings(workspace, wanted.slug, online=True) if one.level is Level.ERROR]
    if not errors:
        return
    counted = terminal.counted(len(errors), "error")
    if wanted.force:
        terminal.say(f"Sending in spite of {counted}, because: {wanted.force}")
        return
    listed = "".join(f"\n  {one.place}: {one.message}" for one in islice(errors, LISTED))
    more = f"\n  and {len(errors) - LISTED} more" if len(errors) > LISTED else ""
    remedy = f'`newsletter check {wanted.slug}` says what to do; --force "REASON" sends it all the same'
    raise RefusedError(f"the gate found {counted}{listed}{more}", where=wanted.slug, remedy=remedy)


def _ask(
    workspace: Workspace, rule: freezing.Rule, slug: str, count: int, rest: int, due: datetime | None, yes: bool
) -> None:
    """Ask whether to go on, *rest* of *count* waiting for a subject to win. Raise as `terminal.confirm`."""
    readers = terminal.counted(count, "reader")
    when = f"to {readers} now"
    if due:
        own = _own(workspace, rule, due)
        start = f"from {_clock(workspace, due)} on, at {own}" if own else f"on {_clock(workspace, due)}"
        when = f"{start} ({readers} as of now)"
    if rest:
        when += f", to {rest:,} of them once the others have tried two subjects"
    only = f" (only {sentence.shorten(rule.segment, 60)})" if rule.segment else ""
    terminal.confirm(f"Send {slug} to the list {rule.list}{only} {when}?", "nothing was sent", yes)


def _scheduled(workspace: Workspace, connection: Connection, made: Send, as_json: bool) -> None:
    if as_json:
        terminal.emit({"sends": [standing.describe(connection, made)]})
        return
    when = _clock(workspace, made.due) if made.due else "now"
    terminal.show(f"Send {made.id} of {made.issue} is scheduled for {when}.")
    if made.due and (own := _own(workspace, freezing.load(made.rule), made.due)):
        terminal.say(f"It goes out at {own}: that is when the first of them get it.")
    terminal.say(
        "Its content is frozen; who gets it is decided when it starts. Keep `newsletter serve` running: it "
        f"starts it. `newsletter cancel {made.id}` takes it back."
    )


def _own(workspace: Workspace, rule: freezing.Rule, due: datetime) -> str:
    """Return at which hour of their own readers get it, "" where the first of them do at that of the letter."""
    local = datetime.fromisoformat(rule.local) if rule.local else None
    here = due.astimezone(workspace.settings.letter.timezone).replace(tzinfo=None)
    return f"each reader's own {local:%Y-%m-%d %H:%M}" if local and local != here else ""


def _clock(workspace: Workspace, moment: datetime) -> str:
    return terminal.clock(moment, workspace.settings.letter.timezone)
