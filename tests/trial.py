"""An issue whose two subjects a part of the readers tries, and what tests do then: click, let time pass."""

from contextlib import contextmanager

from newsletter.cli import wiring
from subscribers.store.back import links
from subscribers.store.file.open import transaction
from tests.editor import head
from tests.readers import NOW

SLUG = "2025-11"
FIRST, OTHER = "A bridge, and tomatoes in November", "What grows in November?"
ISSUE = f"""---
subject: {FIRST}
subject_b: {OTHER}
try: 30
wait: 4 h
preheader: A way across the bay at last, and tomatoes from the warmth of a data hall
list: monthly
---
Dear {{{{ name or "reader" }}}},

::: lead
## A bridge
It is open. [Walk across the whole of it](https://bay.example.org/bridge) and tell us.
:::
"""


def write(editor, issue=ISSUE, clicks=True):
    """Let the editor's workspace have the issue; *clicks* are counted."""
    folder = editor.root / "issues" / SLUG
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(issue, encoding="utf-8")
    if clicks:
        path = editor.root / "newsletter.toml"
        path.write_text(f"{path.read_text()}\n[tracking]\nclicks = true\n")
        editor.workspace = type(editor.workspace)(editor.root)


@contextmanager
def ledger(editor):
    """Open the people's file, and close it."""
    with wiring.people(editor.workspace) as connection:
        yield connection


def clicked(editor, first, other, send=1):
    """Let people open so many links of letters with the first subject, and with the other one; machines, many."""
    with ledger(editor) as connection, transaction(connection):
        for count, machine, like in ((first, False, "en"), (other, False, "en@b"), (50, True, "en")):
            row = connection.execute(
                "SELECT id FROM links WHERE send_id = ? AND variant = ?", (send, like)
            ).fetchone()
            links.count(connection, [(row[0], machine)] * count, NOW)


def passed(editor, send=1):
    """Let the wait be over."""
    with ledger(editor) as connection:
        done = connection.execute(
            "UPDATE decisions SET due = '2025-06-12T07:00:00.000Z' WHERE send_id = ? AND due IS NOT NULL", (send,)
        )
        assert done.rowcount == 1


def rows(editor, what="variant, state", send=1):
    """Return how many rows of a send there are of each kind."""
    with ledger(editor) as connection:
        found = connection.execute(
            f"SELECT {what}, count(*) FROM deliveries WHERE send_id = ? GROUP BY {what} ORDER BY 1, 2", (send,)
        ).fetchall()
    return {tuple(row)[:-1]: row[-1] for row in found}


def subjects(server):
    """Return who was sent each subject, in order."""
    found = {FIRST: [], OTHER: []}
    for received in server.accepted:
        found[str(head(received)["Subject"])].append(received.recipient)
    return found
