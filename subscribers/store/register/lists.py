"""The lists that people subscribe to."""

import sqlite3
from collections.abc import Iterable, Mapping

from subscribers.errors import UnknownError, cited
from subscribers.model import MailingList
from subscribers.status import SubscriptionStatus
from subscribers.store.file.open import transaction
from subscribers.store.file.rows import select


def ensure(connection: sqlite3.Connection, lists: Iterable[MailingList]) -> None:
    """Make the file know these *lists*, in a transaction of its own; write nothing if it does already.

    A list that is no longer named keeps its people.
    """
    known = {each.slug: each for each in all(connection)}
    changed = [each for each in lists if known.get(each.slug) != each]
    if not changed:
        return
    with transaction(connection):
        connection.executemany(
            """INSERT INTO lists (slug, title, opt_in) VALUES (:slug, :title, :opt_in)
               ON CONFLICT (slug) DO UPDATE SET title = excluded.title, opt_in = excluded.opt_in""",
            [{"slug": each.slug, "title": each.title, "opt_in": each.opt_in} for each in changed],
        )


def all(connection: sqlite3.Connection) -> tuple[MailingList, ...]:  # noqa: A001 - lists.all reads as it is meant
    """Return every list, in the order in which they came."""
    rows = connection.execute("SELECT slug, title, opt_in FROM lists ORDER BY id")
    return tuple(MailingList(row["slug"], row["title"], row["opt_in"]) for row in rows)


def number(connection: sqlite3.Connection, slug: str) -> int:
    """Return the number of the list *slug*, which is what tokens carry. Raise UnknownError."""
    row = connection.execute("SELECT id FROM lists WHERE slug = :slug", {"slug": slug}).fetchone()
    if row is None:
        known = ", ".join(each.slug for each in all(connection)) or "none yet"
        raise UnknownError(f"there is no list {cited(slug)}", remedy=f"known lists: {known}")
    return int(row["id"])


def numbers(connection: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """Return number and opt-in of every list, by its slug."""
    found = sorted(select(connection, "id, slug, opt_in", "lists"))
    return {slug: (number, opt_in) for number, slug, opt_in in found}


def by_number(connection: sqlite3.Connection, number: int) -> MailingList:
    """Return the list with this *number*. Raise UnknownError."""
    row = connection.execute("SELECT slug, title, opt_in FROM lists WHERE id = :id", {"id": number}).fetchone()
    if row is None:
        raise UnknownError("this list no longer exists", remedy="ask the editor")
    return MailingList(row["slug"], row["title"], row["opt_in"])


def counts(connection: sqlite3.Connection) -> Mapping[str, Mapping[SubscriptionStatus, int]]:
    """Return, by slug, how many people have each status."""
    found = {each.slug: dict.fromkeys(SubscriptionStatus, 0) for each in all(connection)}
    rows = connection.execute(
        """SELECT l.slug, u.status, count(*) AS people FROM subscriptions u JOIN lists l ON l.id = u.list_id
           GROUP BY u.list_id, u.status"""
    )
    for row in rows:
        found[row["slug"]][SubscriptionStatus(row["status"])] = row["people"]
    return found
