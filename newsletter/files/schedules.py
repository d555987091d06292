"""What comes again, in ``schedule.toml`` of the workspace: a file that people can read and change.

What was done of it stands in ``.schedule.json`` beside it, so that nothing is done twice, whatever interrupts it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from newsletter import toml
from newsletter.errors import NotFoundError, RefusedError, SettingsError, UsageError, cited
from newsletter.files import issues
from newsletter.files.workspace import Workspace
from newsletter.timing import recurrence
from newsletter.timing.recurrence import Recurrence
from newsletter.toml import Lines, Table

NAME, DONE = "schedule.toml", ".schedule.json"
#: Stands for a time that is not said.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NAMED = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
HEAD = """\
# What `newsletter serve` does on its own. Times are on the clock of [letter] timezone.
# `newsletter schedule list` tells when each comes next.
"""


@dataclass(frozen=True, slots=True)
class Schedule:
    """An issue that comes again: when it is composed, when it is meant to go out, and what it is called.

    *slug* is a pattern of strftime; *since* is when it was added, before which nothing was due; None
    if somebody wrote it into the file, where it begins when it is first read.
    """

    name: str
    compose: Recurrence
    send: Recurrence | None
    slug: str
    since: datetime | None

    def issue(self, due: datetime, workspace: Workspace) -> str:
        """Return the name of the issue that is due at *due*."""
        return due.astimezone(workspace.settings.letter.timezone).strftime(self.slug)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the last time: *result* is started, composed, exists, nothing, failed or skipped.

    *told* is no, trying, sent or unsure: whether the editor knows. *why* is what went wrong.
    """

    due: datetime
    issue: str
    result: str = "started"
    told: str = "no"
    why: str = ""


def load(workspace: Workspace) -> tuple[Schedule, ...]:
    """Return what comes again. Raise SettingsError with the line."""
    path = workspace.root / NAME
    try:
        text = toml.decode(path.read_bytes(), NAME)
    except FileNotFoundError:
        return ()
    root = Table(toml.document(text, NAME), "", Lines(text, NAME))
    found = root.many("schedule", _read, "name")
    root.end()
    return found


def add(workspace: Workspace, name: str, compose: str, send: str, slug: str, now: datetime) -> Schedule:
    """Add something that comes again, and return it. Raise UsageError or RefusedError."""
    if not NAMED.fullmatch(name):
        raise UsageError(f"{cited(name)} cannot name it", remedy="use lower-case letters, digits and hyphens")
    if any(one.name == name for one in load(workspace)):
        remedy = f"remove it first: newsletter schedule remove {name}"
        raise RefusedError(f"there is a schedule {cited(name)} already", where=NAME, remedy=remedy)
    rule = recurrence.parse(compose)
    made = Schedule(
        name, rule, recurrence.parse(send) if send else None, slug or pattern(rule), now.replace(microsecond=0)
    )
    workspace.issue(made.issue(now, workspace))
    rows = {"name": name, "compose": rule.text, "send": made.send.text if made.send else "", "slug": made.slug}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items() if value]
    since = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = "\n".join(["", "[[schedule]]", *lines, f"since = {since}", ""])
    path = workspace.root / NAME
    before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    issues.write(path, before.rstrip("\n") + "\n" + text)
    return made


def remove(workspace: Workspace, name: str) -> None:
    """Take out what is called *name*; the rest of the file stays as it is. Raise NotFoundError.

    Where that was interrupted, or somebody took it out of the file alone, what was done of it goes.
    """
    known, kept = [one.name for one in load(workspace)], done(workspace)
    if name not in known and name not in kept:
        remedy = f"there are: {', '.join(known)}" if known else "`newsletter schedule add` makes one"
        raise NotFoundError(f"there is no schedule {cited(name)}", where=NAME, remedy=remedy)
    if name in known:
        path = workspace.root / NAME
        head, *tables = re.split(r"^(?=[ \t]*\[\[)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        del tables[known.index(name)]
        issues.write(path, "".join([head, *tables]))
    keep(workspace, {other: one for other, one in kept.items() if other != name})


def done(workspace: Workspace) -> Mapping[str, Done]:
    """Return what became of the last time, by the name of what comes again. Raise SettingsError."""
    path = workspace.root / DONE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {name: Done(**{**one, "due": datetime.fromisoformat(one["due"])}) for name, one in document.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError):
        # To take it for empty would compose and mail once more what was done.
        remedy = "restore it from a backup, or delete it: what is due now is then done once more"
        raise SettingsError("this does not say what was done", where=DONE, remedy=remedy) from None


def keep(workspace: Workspace, what: Mapping[str, Done]) -> None:
    """Keep what was done; it is on the disk when this returns."""
    document = {name: {**asdict(one), "due": one.due.isoformat()} for name, one in what.items()}
    issues.write(workspace.root / DONE, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def pattern(rule: Recurrence) -> str:
    """Return what issues are called that come as *rule* says: by the month, or by the day."""
    return "%Y-%m" if rule.monthly else "%Y-%m-%d"


def _read(table: Table) -> Schedule:
    name = table.text("name")
    if not NAMED.fullmatch(name):
        raise table.fail("name", f"{cited(name)} cannot name it", "use lower-case letters, digits and hyphens")
    compose, send = _rule(table, "compose", table.text("compose")), table.text("send", "")
    again = _rule(table, "send", send) if send else None
    slug = table.text("slug", pattern(compose))
    since = table.take("since", datetime, NEVER)
    aware = since if since.tzinfo else since.replace(tzinfo=UTC)
    return Schedule(name, compose, again, slug, None if since is NEVER else aware)


def _rule(table: Table, key: str, text: str) -> Recurrence:
    try:
        return recurrence.parse(text)
    except UsageError as error:
        raise table.fail(key, error.what, error.remedy) from None
