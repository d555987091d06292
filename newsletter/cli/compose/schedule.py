"""`newsletter schedule`: issues that come again."""

from collections.abc import Sequence
from datetime import datetime

import click

from newsletter.cli import offering, terminal
from newsletter.cli.group import Group
from newsletter.errors import NotFoundError, cited
from newsletter.files import schedules
from newsletter.files.schedules import Done, Schedule
from newsletter.files.workspace import Workspace

#: What is said where no schedule stands.
NOTHING = 'Nothing comes again yet; newsletter schedule add monthly --compose "first thursday 06:00"'
#: How an outcome reads in a table.
RESULTS = {
    "started": "under way",
    "composed": "composed",
    "exists": "was there already",
    "nothing": "nothing was new",
    "failed": "failed",
    "skipped": "begins",
}


@click.group(cls=Group, alone="list")
def schedule() -> None:
    """Let `newsletter serve` compose issues when they are due, and tell you by mail. Without a command, list them.

    What comes again stands in schedule.toml, which you may edit.

    \b
    Examples:
      newsletter schedule add monthly --compose "first thursday 06:00"
      newsletter schedule next
    """


@schedule.command()
@click.argument("name")
@click.option(
    "--compose", required=True, metavar="WHEN", help='When to compose it, such as "first thursday 06:00".'
)
@click.option("--send", default="", metavar="WHEN", help="When it is meant to go out; written into the draft.")
@click.option("--slug", default="", metavar="PATTERN", help="What issues are called, such as %Y-%m or news-%Y-%m.")
@terminal.reporting
def add(workspace: Workspace, name: str, compose: str, send: str, slug: str, as_json: bool) -> None:
    """Add an issue that comes again, called NAME.

    `newsletter serve` then fetches the sources and composes the draft when it is due, and writes to [letter]
    reply_to that it waits. Nothing is sent without you: --send only sets send_at in the draft. Times are on the
    letter's clock, in summer and in winter. You can say "first thursday 06:00", "last friday 09:00", "every monday
    07:30", "every other tuesday 10:00", "first weekday 08:00", "15th 08:00", "last day 12:00", "daily 06:00".

    \b
    Examples:
      newsletter schedule add monthly --compose "first thursday 06:00"
      newsletter schedule add monthly --compose "first thursday 06:00" --send "second tuesday 09:00"
      newsletter schedule add weekly --compose "every monday 07:30" --slug "week-%G-%V"
    """
    now = terminal.now()
    made = schedules.add(workspace, name, compose, send, slug, now)
    if as_json:
        terminal.emit({"schedules": [_row(workspace, made, None, now)]})
        return
    zone = workspace.settings.letter.timezone
    due = made.compose.after(now, zone)
    slug = made.issue(due, workspace)
    terminal.say(f"Added {name}: {slug} is composed at {terminal.clock(due, zone)}.")
    if made.send:
        goes = terminal.clock(made.send.after(due, zone), zone)
        terminal.say(f"It is meant to go out at {goes}: `newsletter send {slug}` waits for that time.")
    for other in schedules.load(workspace):
        if other.name != name and other.issue(other.compose.after(now, zone), workspace) == slug:
            terminal.say(f"{other.name} composes {slug} too, and only one of them will: name another --slug.")
    terminal.what_next(
        ("newsletter serve", "do it when it is due"), ("newsletter schedule next", "see what comes")
    )


@schedule.command("list")
@terminal.reporting
def list_(workspace: Workspace, as_json: bool) -> None:
    """Show what comes again, when it comes next, and what became of it last time.

    \b
    Examples:
      newsletter schedule list
      newsletter schedule list --json
    """
    now = terminal.now()
    done = schedules.done(workspace)
    known = schedules.load(workspace)
    if as_json:
        terminal.emit({"schedules": [_row(workspace, one, done.get(one.name), now) for one in known]})
        return
    if not known:
        terminal.say(NOTHING)
        return
    zone = workspace.settings.letter.timezone
    rows = []
    for one in known:
        last = done.get(one.name)
        became = f"{last.issue} {RESULTS.get(last.result, last.result)}" if last else ""
        due = terminal.clock(one.compose.after(now, zone), zone)
        rows.append((one.name, one.compose.text, one.send.text if one.send else "", due, became))
    terminal.table(("name", "compose", "send", "next", "last"), rows)


@schedule.command("next")
@click.argument("name", shell_complete=offering.schedules, required=False)
@click.option("--count", default=5, show_default=True, type=click.IntRange(1, 100), help="How many to show.")
@terminal.reporting
def next_(workspace: Workspace, name: str | None, count: int, as_json: bool) -> None:
    """Show what comes next, all or that of NAME: when, which issue, and when it is meant to go out.

    \b
    Examples:
      newsletter schedule next
      newsletter schedule next monthly --count 12
    """
    known = schedules.load(workspace)
    if name is not None and name not in {one.name for one in known}:
        raise NotFoundError(
            f"there is no schedule {cited(name)}", where=schedules.NAME, remedy="see newsletter schedule list"
        )
    chosen = [one for one in known if name in {None, one.name}]
    coming = _coming(workspace, chosen, terminal.now(), count)
    zone = workspace.settings.letter.timezone
    if as_json:
        terminal.emit({
            "next": [
                {
                    "name": one.name,
                    "issue": one.issue(due, workspace),
                    "compose": due.isoformat(),
                    "send": one.send.after(due, zone).isoformat() if one.send else None,
                }
                for due, one in coming
            ]
        })  # fmt: skip
        return
    if not known:
        terminal.say(NOTHING)
        return
    rows = [
        (
            terminal.clock(due, zone),
            one.issue(due, workspace),
            one.name,
            terminal.clock(one.send.after(due, zone), zone) if one.send else "",
        )
        for due, one in coming
    ]
    terminal.table(("composed", "issue", "name", "goes out"), rows)


@schedule.command()
@click.argument("name", shell_complete=offering.schedules)
@terminal.reporting
def remove(workspace: Workspace, name: str, as_json: bool) -> None:
    """Let NAME come no more. Issues that were composed stay.

    \b
    Examples:
      newsletter schedule remove monthly
    """
    schedules.remove(workspace, name)
    if as_json:
        terminal.emit({"removed": name})
        return
    terminal.say(f"Removed {name}; its issues stay.")


def _coming(
    workspace: Workspace, known: Sequence[Schedule], now: datetime, count: int
) -> list[tuple[datetime, Schedule]]:
    """Return the next *count* issues of all that come again, and when each is composed, the soonest first."""
    coming = ((due, one) for one in known for due in _times(workspace, one, now, count))
    return sorted(coming, key=lambda pair: (pair[0], pair[1].name))[:count]


def _times(workspace: Workspace, one: Schedule, now: datetime, count: int) -> list[datetime]:
    zone, found = workspace.settings.letter.timezone, [now]
    for _ in range(count):
        found.append(one.compose.after(found[-1], zone))
    return found[1:]


def _row(workspace: Workspace, one: Schedule, last: Done | None, now: datetime) -> dict[str, object]:
    due = one.compose.after(now, workspace.settings.letter.timezone)
    return {
        "name": one.name,
        "compose": one.compose.text,
        "send": one.send.text if one.send else None,
        "slug": one.slug,
        "next": due.isoformat(),
        "issue": one.issue(due, workspace),
        "last": {"due": last.due.isoformat(), "issue": last.issue, "result": last.result, "told": last.told}
        if last
        else None,
    }
