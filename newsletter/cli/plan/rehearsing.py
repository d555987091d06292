"""The dry run of a send: who would get what, and when. Writes nothing."""

from collections import Counter
from datetime import timedelta

from newsletter.cli import terminal
from newsletter.cli.plan import addressing, planning
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from newsletter.issuefile import moment
from subscribers.model import DeliveryState, Send
from subscribers.store.file.open import Connection
from subscribers.store.ledger import audiences, census, sends
from subscribers.variant import REST, language_of


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
    domains = sends.domains(connection, where, 10)
    left_out = audiences.left_out(connection, rule.list, where, now.date().isoformat())
    planned = planning.plan(workspace, connection, rule, starts, now)
    languages: Counter[str] = Counter()
    for name, count in variants.items():
        languages[language_of(name)] += count
    rest = sum(count for name, count in variants.items() if name.endswith(REST))
    if as_json:
        parts = {"languages": languages, "variants": variants, "domains": domains, "left_out": left_out}
        zero = dict.fromkeys(map(str, DeliveryState), 0)
        one = {"send": None, "issue": wanted.slug, "list": rule.list, "state": "dry-run"}
        total = sum(variants.values())
        states = {"audience": total, "states": {**zero, "queued": total}}
        decision = {"decision": {"wait": rule.wait, "rest": rest}} if rule.trying else {}
        terminal.emit({"sends": [{**one, **states, **parts, **decision, "plan": planning.document(planned)}]})
        return
    audience = terminal.counted(sum(variants.values()), "reader")
    terminal.show(f"{wanted.slug} would go to {audience} of {rule.list}. Nothing is sent.")
    if rule.trying:
        wait = moment.spelt(timedelta(seconds=rule.wait))
        part = sum(variants.values()) - rest
        terminal.show(
            f"{part:,} of them get one of two subjects first; {wait} later the other {rest:,} the better one."
        )
    found = {"language": languages, "variant": variants, "domain": domains, "does not get it": left_out}
    for title, counts in found.items():
        if counts:
            terminal.show("")
            terminal.table((title, "readers"), [(name, f"{count:,}") for name, count in counts.items()])
    if variants:
        planning.draw(planned, workspace)
    else:
        terminal.say(f"Nobody is in the audience: {addressing.nobody(connection, rule, now)}.")


def again(connection: Connection, done: Send, as_json: bool) -> None:
    """Count who would get a send once more, because their server refused it, and write nothing."""
    count = census.counts(connection, done.id)[DeliveryState.REFUSED]
    if as_json:
        states = {**dict.fromkeys(map(str, DeliveryState), 0), "queued": count}
        one = {"send": done.id, "issue": done.issue, "list": done.list, "state": "dry-run"}
        terminal.emit({"sends": [{**one, "audience": count, "states": states}]})
        return
    readers = terminal.counted(count, "reader")
    terminal.show(f"{done.issue} would go once more to {readers} whose server refused it. Nothing is sent.")
