"""What `newsletter send` does: run the gate, freeze content and audience, and send or schedule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    with wiring.people(workspace) as connection:
        asked = _Dispatch(workspace, connection, wanted)
        if dry_run and to_failed:
            rehearsing.again(connection, asked.failed(), as_json)
            return
        if dry_run:
            rehearsing.run(workspace, connection, wanted, as_json)
            return
        recover(workspace, connection, f"newsletter send {wanted.slug}")
        begun = next(
            (one for one in sends.all(connection, wanted.slug) if one.state in addressing.UNFINISHED), None
        )
        if begun:
            ended = asked.go_on(begun)
        elif to_failed:
            ended = asked.again()
        else:
            ended = asked.anew(yes)
        if wanted.command:
            foreground.loop(following.run(connection, ended.send, wanted.command, terminal.say))
        if ended.send.state is SendState.SCHEDULED:
            asked.scheduled(ended.send, as_json)
        else:
            foreground.report(workspace, connection, ended, as_json)


@dataclass(frozen=True, slots=True)
class _Dispatch:
    """What was *wanted* of a workspace and its people, and the ways to do it."""

    workspace: Workspace
    connection: Connection
    wanted: addressing.Wanted

    def go_on(self, begun: Send) -> foreground.Ended:
        """Resume an unfinished send of the issue."""
        connection, now = self.connection, terminal.now()
        if self.wanted.list not in ("", begun.list):
            what = f"send {begun.id} of {begun.issue} to the list {begun.list} is not finished"
            raise RefusedError(what, remedy=f"finish it, or end it with `newsletter cancel {begun.id}`")
        if not begun.started and begun.due and begun.due > now:
            what = f"send {begun.id} of {begun.issue} is {begun.state}, and due {self._clock(begun.due)}"
            resumed = f"once you run `newsletter resume {begun.id}`, " if begun.state is SendState.PAUSED else ""
            remedy = f"{resumed}`newsletter serve` starts it then, with the words that it had; to send it now, or"
            remedy += f" changed, run `newsletter cancel {begun.id}` first"
            raise RefusedError(what, remedy=remedy)
        if begun.state is SendState.PAUSED and begun.reason == DEADLINE:
            what = f"send {begun.id} of {begun.issue} is paused: {DEADLINE}"
            raise RefusedError(what, remedy=standing.remedy(begun))
        self._refuse_frozen(begun)
        with alone(self.workspace, connection, f"newsletter send {begun.issue}"):
            terminal.say(f"Send {begun.id} of {begun.issue} is {begun.state}; going on with it.")
            with transaction(connection):
                begun = sends.get(connection, begun.id)
                if begun.state is SendState.SCHEDULED or not begun.started:
                    begun = freezing.start(connection, begun, now)
                elif begun.state is SendState.PAUSED:
                    begun = sends.move(connection, begun.id, SendState.SENDING, now)
            return foreground.run(self.workspace, connection, begun)

    def _refuse_frozen(self, begun: Send) -> None:
        """Raise RefusedError where the editor means other readers or words than the unfinished send has.

        One that was only interrupted goes on whatever the file says by now: it was asked for as it is.
        """
        if self.wanted.newcomers and not freezing.load(begun.rule).issue:
            what = f"send {begun.id} of {begun.issue} is {begun.state}; --to-new is for one of its own, after it"
        elif begun.state is not SendState.SENDING and freezing.has_changed(self.workspace, self.connection, begun):
            what = f"{begun.issue} has changed since its send {begun.id}, which is {begun.state}, was frozen"
        else:
            return
        old = f"newsletter resume {begun.id}" if begun.state is not SendState.SCHEDULED else "newsletter serve"
        anew = f"newsletter send {begun.issue}{' --to-new' if begun.started else ''}"
        new = f"newsletter cancel {begun.id}` and `{anew}"
        raise RefusedError(
            what, remedy=f"`{old}` sends the words that it had; `{new}` sends those that it has now"
        )

    def failed(self) -> Send:
        """Return the send whose refused readers are meant. Raise RefusedError, UsageError."""
        wanted = self.wanted
        every = sends.all(self.connection, wanted.slug)
        done = next((one for one in every if one.state is SendState.DONE), None)
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

    def again(self) -> foreground.Ended:
        """Send once more to the readers who were refused."""
        connection, done, slug, now = self.connection, self.failed(), self.wanted.slug, terminal.now()
        with alone(self.workspace, connection, f"newsletter send {slug}"):
            with transaction(connection):
                if not deliveries.requeue(connection, done.id, DeliveryState.REFUSED, now):
                    what = f"nobody was refused in send {done.id} of {slug}"
                    raise RefusedError(what, remedy="nothing is to be done")
                done = sends.move(connection, done.id, SendState.SENDING, now)
            return foreground.run(self.workspace, connection, done)

    def anew(self, yes: bool) -> foreground.Ended:
        """Freeze and begin a new send."""
        workspace, connection, wanted = self.workspace, self.connection, self.wanted
        # The gate opens the file beside us, which nobody can where a full disk made us hold it alone.
        refuse_full(workspace.people)
        issues = issuefiles.load(workspace, wanted.slug)
        addressing.refuse_twice(workspace, connection, wanted)
        self._gate()
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
        if not any(sizes.values()) and due is None:
            remedy = addressing.nobody(connection, rule, now)
            raise RefusedError("nobody is in the audience", where=wanted.slug, remedy=remedy)
        terminal.confirm(self._question(rule, sizes, due), "nothing was sent", yes)
        if due:
            return foreground.Ended(self._schedule(issues, rule, due))
        # A password or a key that is missing leaves nothing frozen behind.
        courier(workspace)
        with alone(workspace, connection, f"newsletter send {wanted.slug}"):
            return foreground.run(workspace, connection, self._freeze(issues, rule))

    def _freeze(self, issues: Sequence[Issue], rule: freezing.Rule) -> Send:
        """Freeze content and audience in one transaction."""
        for attempt in range(TRIES):
            now = terminal.now()
            contents = freezing.contents(self.workspace, issues, rule, rule.sizes(self.connection, now))
            approving.demand(self.workspace, issues, rule, contents)
            try:
                with transaction(self.connection):
                    made = self._create(rule, contents, now, now)
                    return freezing.start(self.connection, made, now)
            except sends.MixedError:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _schedule(self, issues: Sequence[Issue], rule: freezing.Rule, due: datetime) -> Send:
        """Freeze the content now, in every variant that somebody may need then."""
        contents = freezing.contents(self.workspace, issues, rule, rule.possible())
        approving.demand(self.workspace, issues, rule, contents)
        with transaction(self.connection):
            return self._create(rule, contents, terminal.now(), due)

    def _create(self, rule: freezing.Rule, contents: Mapping[str, bytes], now: datetime, due: datetime) -> Send:
        """Write the send into the ledger, unless somebody else just did."""
        wanted, counted = self.wanted, self.workspace.settings.tracking.clicks
        addressing.refuse_twice(self.workspace, self.connection, wanted)
        return freezing.create(
            self.connection, rule, contents, now=now, due=due, forced=wanted.force, counted=counted
        )

    def _gate(self) -> None:
        """Raise RefusedError for errors that the gate finds, unless somebody takes it on themselves."""
        slug, force = self.wanted.slug, self.wanted.force
        errors = [one for one in gating.findings(self.workspace, slug, online=True) if one.level is Level.ERROR]
        if not errors:
            return
        counted = terminal.counted(len(errors), "error")
        if force:
            terminal.say(f"Sending in spite of {counted}, because: {force}")
            return
        listed = "".join(f"\n  {one.place}: {one.message}" for one in islice(errors, LISTED))
        more = f"\n  and {len(errors) - LISTED} more" if len(errors) > LISTED else ""
        remedy = f'`newsletter check {slug}` says what to do; --force "REASON" sends it all the same'
        raise RefusedError(f"the gate found {counted}{listed}{more}", where=slug, remedy=remedy)

    def _question(self, rule: freezing.Rule, sizes: Mapping[str, int], due: datetime | None) -> str:
        """Return what is asked before a send; the *sizes* of its variants say how many get it, and who waits."""
        readers = terminal.counted(sum(sizes.values()), "reader")
        when = f"to {readers} now"
        if due:
            own = self._own(rule, due)
            start = f"from {self._clock(due)} on, at {own}" if own else f"on {self._clock(due)}"
            when = f"{start} ({readers} as of now)"
        rest = sum(size for name, size in sizes.items() if name.endswith(REST) and rule.sized(sizes).trying)
        if rest:
            when += f", to {rest:,} of them once the others have tried two subjects"
        only = f" (only {sentence.shorten(rule.segment, 60)})" if rule.segment else ""
        return f"Send {self.wanted.slug} to the list {rule.list}{only} {when}?"

    def scheduled(self, made: Send, as_json: bool) -> None:
        """Say when a send will start, and what happens until then."""
        if as_json:
            terminal.emit({"sends": [standing.describe(self.connection, made)]})
            return
        when = self._clock(made.due) if made.due else "now"
        terminal.show(f"Send {made.id} of {made.issue} is scheduled for {when}.")
        if made.due and (own := self._own(freezing.load(made.rule), made.due)):
            terminal.say(f"It goes out at {own}: that is when the first of them get it.")
        terminal.say(
            "Its content is frozen; who gets it is decided when it starts. Keep `newsletter serve` running: it "
            f"starts it. `newsletter cancel {made.id}` takes it back."
        )

    def _own(self, rule: freezing.Rule, due: datetime) -> str:
        """Return at which hour of their own readers get it, "" if that is the letter's for the first of them."""
        local = datetime.fromisoformat(rule.local) if rule.local else None
        here = due.astimezone(self.workspace.settings.letter.timezone).replace(tzinfo=None)
        return f"each reader's own {local:%Y-%m-%d %H:%M}" if local and local != here else ""

    def _clock(self, moment: datetime) -> str:
        return terminal.clock(moment, self.workspace.settings.letter.timezone)
