"""Laws of the figures of a report that are counted from what people said."""

from datetime import UTC, datetime

import pytest

from subscribers.address import parse
from subscribers.model import Consent, MailingList
from subscribers.status import SubscriptionStatus
from subscribers.store.back import figures
from subscribers.store.register import lists, people, subscriptions
from tests import blank

PENDING, CONFIRMED, LEFT = (
    SubscriptionStatus.PENDING,
    SubscriptionStatus.CONFIRMED,
    SubscriptionStatus.UNSUBSCRIBED,
)
PAGE = "undo on the goodbye page"
#: What people did one after the other: month, what, to which status, by which page or file, with which words.
LIVES = {
    "double": [
        [(4, "import", CONFIRMED, "fair.csv", "fair")],
        [(4, "import", CONFIRMED, "fair.csv", "fair"), (6, "withdraw", LEFT, "unsubscribe link", "")],
        [(5, "withdraw", LEFT, "old.csv", "unsubscribed there")],
        [(5, "import", PENDING, "fair.csv", ""), (6, "withdraw", LEFT, "mail", "")],
        [(5, "signup", PENDING, "signup form", "yes"), (6, "withdraw", LEFT, "unsubscribe link", "")],
        [(5, "signup", PENDING, "signup form", "yes"), (5, "confirm", CONFIRMED, "confirm page", "yes"),
         (6, "withdraw", LEFT, "unsubscribe link", ""), (6, "signup", CONFIRMED, PAGE, "yes")],
        [(6, "signup", PENDING, "signup form", "yes")],
    ],
    "single": [
        [(5, "signup", CONFIRMED, "signup form", "yes")],
        [(5, "signup", CONFIRMED, "signup form", "yes"), (6, "withdraw", LEFT, "unsubscribe link", "")],
        [(5, "withdraw", LEFT, "old.csv", "unsubscribed there")],
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "readers", "months"),
    [
        ("double", 2, {"2025-04": (2, 0), "2025-05": (1, 0), "2025-06": (1, 2)}),
        ("single", 1, {"2025-05": (2, 0), "2025-06": (0, 1)}),
    ],
)
def test_a_list_grows_by_those_who_became_readers_and_shrinks_by_readers(tmp_path, slug, readers, months) -> None:
    connection = blank.people(tmp_path / "people.db")
    lists.ensure(connection, [MailingList(each, each, each) for each in ("double", "single")])
    for name, lives in LIVES.items():
        for number, life in enumerate(lives):
            person = people.add(connection, parse(f"{name}{number}@example.org"), datetime(2025, 4, 1, tzinfo=UTC))
            for day, (month, what, status, source, wording) in enumerate(life, 1):
                at = datetime(2025, month, day, tzinfo=UTC)
                subscriptions.change(connection, Consent(person.id, name, what, at, source, wording), status)
    assert figures.growth(connection, slug, datetime(2025, 1, 1, tzinfo=UTC)) == (readers, months)
    connection.close()
