"""`newsletter issues`: every issue, and how far it is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import click

from newsletter.approval import FILE
from newsletter.cli import terminal, wiring
from newsletter.errors import NewsletterError
from newsletter.files import issues as issuefiles
from newsletter.files.workspace import Workspace
from subscribers.model import Send
from subscribers.status import SendState
from subscribers.store.file.open import Connection
from subscribers.store.ledger import census, mails, sends

#: What an issue is that no send was begun of, or whose only sends were ended.
DRAFT = "draft"
#: What is shown of such a one that was approved, of one that was changed since, and of the words of a mail.
APPROVED, VOID, WELCOME = "approved", "approval void", "welcome"


@click.command()
@terminal.reporting
def issues(workspace: Workspace, as_json: bool) -> None:
    """List the issues, the latest first: their subjects, how far each is, and how many readers it went to.

    An issue is a draft, approved, the words of a mail of welcome, or as its last send stands. Of what is not sent
    yet its send_at is shown, if it has one.

    \b
    Examples:
      newsletter issues
      newsletter issues --json
    """
    with wiring.people(workspace) as connection:
        documents = list(_documents(workspace, connection))
    if as_json:
        terminal.emit({"issues": documents})
    elif not documents:
        terminal.say(f"There is no issue yet; `newsletter compose {terminal.now():%Y-%m}` writes one.")
    else:
        terminal.table(("issue", "subject", "state", "when", "readers"), _rows(workspace, documents))
    for name, better in issuefiles.unnamed(workspace) if not as_json else ():
        terminal.say(f"issues/{name} cannot be named here; give the folder another name, such as {better}.")


def _documents(workspace: Workspace, connection: Connection) -> Iterator[dict[str, object]]:
    sent: Mapping[str, list[Send]] = defaultdict(list)
    for one in sends.all(connection):
        if one.state is not SendState.CANCELLED:
            sent[one.issue].append(one)
    reached = mails.reached(connection)
    for slug in sorted({*issuefiles.slugs(workspace), *sent}, reverse=True):
        draft = not sent.get(slug)
        approval = _approval(workspace, slug) if draft else None
        file = _file(workspace, slug, draft=draft)
        fate = _fate(connection, sent[slug], reached.get(slug, 0))
        welcomes = [each.slug for each in workspace.settings.lists if slug in each.greetings]
        yield {"issue": slug, **file, **fate, "approval": approval, "welcomes": welcomes}


def _approval(workspace: Workspace, slug: str) -> dict[str, object] | None:
    """Return who approved a draft, when, and what voids that here; None if nobody has."""
    if not (workspace.issue(slug) / FILE).exists():
        return None
    # Slow to load, and few letters have approvals.
    from newsletter.cli.plan import approving

    try:
        found = approving.read(workspace, slug)
    except NewsletterError as broken:
        return {"by": "", "at": None, "changed": [broken.what]}
    return {"by": found.by, "at": found.at.isoformat(), "changed": approving.altered(workspace, found)}


def _file(workspace: Workspace, slug: str, *, draft: bool) -> dict[str, object]:
    """Return what an issue's files say. A sent one may have none any more."""
    there = bool(issuefiles.files(workspace.issue(slug)))
    twins, faults = issuefiles.understood(workspace, slug) if there else ((), ())
    planned = twins[0].send_at if twins and draft else None
    return {
        "subject": twins[0].subject if twins else "",
        "languages": [one.language for one in twins],
        "fault": str(faults[0]) if faults else "",
        "when": planned.isoformat() if planned else None,
    }


def _fate(connection: Connection, begun: Sequence[Send], greeted: int) -> dict[str, object]:
    """Return what came of an issue: how the first of *begun*, its last send, stands, and the readers of all.

    *greeted* of them got it as new readers.
    """
    readers = greeted + sum(sum(census.counts(connection, one.id).values()) for one in begun)
    if not begun:
        return {"state": DRAFT, "readers": readers}
    when = begun[0].started or begun[0].due
    return {"state": begun[0].state.value, "readers": readers, "when": when.isoformat() if when else None}


def _rows(workspace: Workspace, documents: Sequence[Mapping[str, object]]) -> Iterator[tuple[object, ...]]:
    zone = workspace.settings.letter.timezone
    for one in documents:
        when = terminal.clock(datetime.fromisoformat(str(one["when"])), zone) if one["when"] else ""
        fault = f"cannot be read; see `newsletter check {one['issue']}`" if one["fault"] else ""
        yield (
            one["issue"],
            fault or one["subject"],
            _state(one),
            when,
            f"{one['readers']:,}" if one["readers"] else "",
        )


def _state(one: Mapping[str, object]) -> object:
    match one:
        case {"state": "draft", "welcomes": [_, *_]}:
            return WELCOME
        case {"approval": {"changed": changed}}:
            return VOID if changed else APPROVED
    return one["state"]
