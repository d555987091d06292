"""`subscribers take-back`: an import is undone, and nobody's own word with it."""

import json

import pytest

from newsletter.cli import wiring
from subscribers.address import parse
from subscribers.model import Consent, SubscriptionStatus
from subscribers.store.file.open import stamp, transaction
from subscribers.store.register import consents, people, subscriptions

MORE = '\n[[list]]\nslug = "weekly"\ntitle = "The weekly letter"\n'


@pytest.fixture
def letter(editor):
    editor.settings(r"\Z", MORE)
    return editor


def take_in(letter, name, text, *more, into="monthly"):
    path = letter.root / name
    path.write_text(text, encoding="utf-8")
    code, _, told = letter("subscribers", "import", str(path), "--list", into, "--consent", "fair", *more)
    assert code == 0, told


def stands(letter):
    """Return how everybody stands in each list."""
    with wiring.people(letter.workspace) as connection:
        consents.verify(connection)
        return {
            one.address.typed: {each.list: each.status.value for each in subscriptions.of(connection, one.id)}
            for one in people.select(connection)
        }


def act(letter, email, what, status=None, slug="monthly"):
    """Let somebody do something by themselves."""
    with wiring.people(letter.workspace) as connection, transaction(connection):
        own = people.by_address(connection, parse(email).canonical)
        assert own
        said = Consent(own.id, slug, what, people.moment("2026-12-01T09:00:00.000Z"), "preferences page", "")
        if status:
            subscriptions.change(connection, said, SubscriptionStatus(status))
        else:
            consents.record(connection, said)


def test_an_import_is_taken_back_and_nobodys_own_word_with_it(letter):
    before = "email\nhere@example.org\nboth@example.org\n"
    take_in(letter, "old.csv", before, into="weekly")
    letter("subscribers", "add", "waits@example.org", "--list", "monthly")
    take_in(letter, "old.csv", "email\nboth@example.org\n")
    earlier = stands(letter)
    names = ["new", "here", "both", "waits", "left", "chose", "got", "gone"]
    rows = "".join(f"{name}@example.org,{'x' if name == 'gone' else ''}\n" for name in names)
    take_in(letter, "wrong.csv", "email,unsubscribed at\n" + rows.replace(",x", ",2025-01-31"))
    act(letter, "left@example.org", "withdraw", "unsubscribed")
    act(letter, "chose@example.org", "change", slug="")
    with wiring.people(letter.workspace) as connection, transaction(connection):
        got = people.by_address(connection, "got@example.org")
        now = stamp(people.moment("2026-12-01T09:00:00.000Z"))
        connection.execute(
            """INSERT INTO sends (issue, list, rule, state, content, created)
               VALUES ('x', 'monthly', '', 'done', '', ?)""",
            (now,),
        )
        connection.execute(
            """INSERT INTO deliveries (send_id, subscriber_id, variant, state, updated)
               VALUES (1, ?, 'en', 'accepted', ?)""",
            (got.id, now),
        )
    all_in = stands(letter)
    command = ("subscribers", "take-back", "elsewhere/wrong.csv", "--list", "monthly")
    counts = {"goes": 1, "returns": 2, "leaves": 1, "stays": 2}
    code, told = letter.json(*command, "--dry-run")
    assert code == 0
    assert {key: told[key] for key in counts} == counts
    assert stands(letter) == all_in
    assert "nobody is here to ask; add --yes" in letter(*command)[2]
    code, said, _ = letter(*command, "--yes")
    assert code == 0
    assert ": 1 forgotten, having come by it alone" in said
    assert stands(letter) == earlier | {
        "left@example.org": {"monthly": "unsubscribed"},
        "chose@example.org": {"monthly": "confirmed"},
        "got@example.org": {"monthly": "unsubscribed"},
        "gone@example.org": {"monthly": "unsubscribed"},
    }
    assert earlier["waits@example.org"] == {"monthly": "pending"}
    # Nothing is left to take back, and the same file may be taken in once it is right.
    assert "no import of “wrong.csv” into monthly is there to take back" in letter(*command, "--yes")[2]
    take_in(letter, "right.csv", "email\nnew@example.org\nhere@example.org\n", into="weekly")
    take_in(letter, "right.csv", "email\nnew@example.org\nhere@example.org\n")
    assert stands(letter)["new@example.org"] == {"monthly": "confirmed", "weekly": "confirmed"}
    assert stands(letter)["here@example.org"] == {"monthly": "confirmed", "weekly": "confirmed"}


def test_only_the_newest_import_of_a_file_is_taken_back(letter):
    take_in(letter, "readers.csv", "email\n" + "".join(f"old{number}@example.org\n" for number in range(3)))
    take_in(letter, "readers.csv", "email\n" + "".join(f"new{number}@example.org\n" for number in range(2500)))
    command = ("subscribers", "take-back", "readers.csv", "--list", "monthly", "--yes", "--json")
    for left, goes in ((3, 2500), (0, 3)):
        code, out, _ = letter(*command)
        assert (code, json.loads(out)["goes"], len(stands(letter))) == (0, goes, left)
    code, out, _ = letter(*command)
    assert code == 4
    assert letter("subscribers", "take-back", "readers.csv", "--list", "no", "--yes")[0] == 4


def test_an_import_that_is_taken_back_twice_leaves_nobody_who_was_not_there(letter):
    take_in(letter, "old.csv", "email\nhere@example.org\n", into="weekly")
    before = stands(letter)
    for _ in range(2):
        take_in(letter, "wrong.csv", "email\nhere@example.org\n")
        assert letter("subscribers", "take-back", "wrong.csv", "--list", "monthly", "--yes")[0] == 0
        assert stands(letter) == before


def test_who_waited_waits_since_they_asked_however_often_an_import_is_taken_back(letter):
    letter("subscribers", "add", "waits@example.org", "--list", "monthly")

    def since():
        with wiring.people(letter.workspace) as connection:
            return [tuple(row) for row in connection.execute("SELECT status, since FROM subscriptions")]

    before = since()
    for _ in range(2):
        take_in(letter, "wrong.csv", "email\nwaits@example.org\n")
        assert letter("subscribers", "take-back", "wrong.csv", "--list", "monthly", "--yes")[0] == 0
        assert since() == before


def test_who_asked_again_waits_since_then(letter):
    take_in(letter, "old.csv", "email\nasks@example.org\n")
    act(letter, "asks@example.org", "withdraw", "unsubscribed")
    act(letter, "asks@example.org", "signup", "pending")
    before = stands(letter)
    take_in(letter, "wrong.csv", "email\nasks@example.org\n")
    assert letter("subscribers", "take-back", "wrong.csv", "--list", "monthly", "--yes")[0] == 0
    assert stands(letter) == before == {"asks@example.org": {"monthly": "pending"}}
