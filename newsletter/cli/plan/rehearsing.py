"""The dry run of a send: who would get what, and when. Writes nothing."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from newsletter.cli import terminal
from newsletter.cli.look import freezing
from newsletter.cli.plan import addressing, planning
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.issuefile import moment
from subscribers.model import DeliveryState, Send
from subscribers.store.file.open import Connection
from subscribers.store.ledger import audiences, census, sends
from subscribers.variant import REST, language_of

#: What readers are counted by, for people.
TITLES = ("language", "variant", "domain", "does not get it")


def run(workspace: Workspace, connection: Connection, wanted: addressing.Wanted, as_json: bool) -> None:
    """Count who would get what, and write nothing. Raise RefusedError where nobody would."""
    issues = issuefiles.load(workspace, wanted.slug)
    rule = addressing.rule_of(workspace, connection, issues, wanted)
    now = terminal.now()
    rule = planning.timed(workspace, rule, issues[0], wanted.at, wanted.deadline, now)
    starts = planning.due(workspace, connection, rule, issues[0], wanted.at, now) or now
    addressing.refuse_twice(workspace, connection, wanted)
    where = rule.audience(connection, now)
    rule = rule.sized(rule.sizes(connection, now))
    variants = rule.sizes(connection, now)
    languages: Counter[str] = Counter()
    for name, count in variants.items():
        languages[language_of(name)] += count
    counted = {
        "languages": languages,
        "variants": variants,
        "domains": sends.domains(connection, where, 10),
        "left_out": audiences.left_out(connection, rule.list, where, now.date().isoformat()),
    }
    planned = planning.plan(workspace, connection, rule, starts, now)
    rest = sum(count for name, count in variants.items() if name.endswith(REST))
    if as_json:
        one = {"send": None, "issue": wanted.slug, "list": rule.list}
        decision = {"decision": {"wait": rule.wait, "rest": rest}} if rule.trying else {}
        _emit(one, sum(variants.values()), {**counted, **decision, "plan": planning.document(planned)})
        return
    _tell(rule, counted, rest)
    if variants:
        planning.draw(planned, workspace)
    else:
        terminal.say(f"Nobody is in the audience: {addressing.nobody(connection, rule, now)}.")


def _emit(one: Mapping[str, object], total: int, more: Mapping[str, object]) -> None:
    """Write what would be sent to *total* readers for programs."""
    states = {**dict.fromkeys(map(str, DeliveryState), 0), "queued": total}
    terminal.emit({"sends": [{**one, "state": "dry-run", "audience": total, "states": states, **more}]})


def _tell(rule: freezing.Rule, counted: Mapping[str, Mapping[str, int]], rest: int) -> None:
    """Say who would get what: readers as they are *counted* in each way, *rest* of them a subject that wins."""
    total = sum(counted["variants"].values())
    readers = terminal.counted(total, "reader")
    terminal.show(f"{rule.slug} would go to {readers} of {rule.list}. Nothing is sent.")
    if rule.trying:
        wait = moment.spelt(timedelta(seconds=rule.wait))
        first = f"{total - rest:,} of them get one of two subjects first"
        terminal.show(f"{first}; {wait} later the other {rest:,} the better one.")
    for title, counts in zip(TITLES, counted.values(), strict=True):
        if counts:
            terminal.show("")
            terminal.table((title, "readers"), [(name, f"{count:,}") for name, count in counts.items()])


def again(connection: Connection, done: Send, as_json: bool) -> None:
    """Count who would get a send once more, because their server refused it, and write nothing."""
    count = census.counts(connection, done.id)[DeliveryState.REFUSED]
    if as_json:
        _emit({"send": done.id, "issue": done.issue, "list": done.list}, count, {})
        return
    readers = terminal.counted(count, "reader")
    terminal.show(f"{done.issue} would go once more to {readers} whose server refused it. Nothing is sent.")
