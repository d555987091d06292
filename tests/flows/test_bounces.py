"""A letter goes out through a real Postfix: some get it, some come back, and the next letter leaves those out."""

import json
import shutil

import pytest

from newsletter.cli import wiring
from newsletter.files.workspace import find
from subscribers.address import parse
from subscribers.model import Consent, SubscriptionStatus
from subscribers.store.file.open import transaction
from subscribers.store.register import people, subscriptions
from tests import blank, postfix
from tests.readers import NOW
from tests.roll import caller

pytestmark = pytest.mark.postfix

THERE = ("anna@harbour.example", "bo@harbour.example", "cilla@harbour.example")
GONE = ("dag@harbour.example", "eva@harbour.example")
FULL = "full@harbour.example"
STRICT = "strict@harbour.example"


@pytest.fixture
def mail():
    errors = {FULL: "5.2.2 Mailbox full", STRICT: "5.7.1 This message looks like spam"}
    with postfix.delivering([*THERE, "bounce@news.harbour.example"], errors) as running:
        yield running


@pytest.fixture
def run(tmp_path, mail, capfd):
    made = blank.letter(tmp_path / "letter")
    shutil.copytree(made.issues / "0001-hello", made.issues / "0002-again")
    settings = made.root / "newsletter.toml"
    text = settings.read_text(encoding="utf-8").replace("port = 2525", f"port = {mail.port}")
    text = text.replace("[letter]", '[letter]\nbounce_domain = "news.harbour.example"', 1)
    box = mail.maildir("bounce@news.harbour.example")
    settings.write_text(f'{text}\n[mailbox]\nkind = "maildir"\npath = "{box}"\n', encoding="utf-8")
    with wiring.people(find(made.root)) as connection, transaction(connection):
        for address in (*THERE, *GONE, FULL, STRICT):
            one = people.add(connection, parse(address), NOW, language="en")
            agreed = Consent(one.id, "monthly", "import", NOW, "test", "")
            subscriptions.change(connection, agreed, SubscriptionStatus.CONFIRMED)

    return caller(made.root, capfd)


def test_who_is_gone_comes_back_and_is_not_written_to_again(run, mail) -> None:
    sent = json.loads(run("send", "0001-hello", "--yes", "--force", "a test", "--json"))
    assert sent["sends"][0]["states"]["accepted"] == 7
    mail.idle()
    assert [len(mail.letters(address)) for address in THERE] == [1, 1, 1]

    told = json.loads(run("feedback", "read", "--json"))
    assert told == {
        "read": 4,
        "again": 0,
        "proved": 4,
        "suppressed": 2,
        "leaving": 0,
        "kinds": {"hard": 2, "soft": 1, "block": 1},
    }
    assert {one["email"] for one in json.loads(run("suppressions", "list", "--json"))["suppressions"]} == set(GONE)

    outcome = json.loads(run("report", "0001-hello", "--json"))["outcome"]
    assert {name: count for name, count in outcome.items() if count} == {
        "accepted": 3, "bounced": 2, "soft": 1, "blocked": 1,
    }  # fmt: skip
    assert "hard userunknown 5.1.1" in run("explain", GONE[0])

    again = json.loads(run("send", "0002-again", "--yes", "--force", "a test", "--json"))
    assert again["sends"][0]["audience"] == 5
    mail.idle()
    assert [len(mail.letters(address)) for address in THERE] == [2, 2, 2]
    assert json.loads(run("feedback", "read", "--json"))["kinds"] == {"soft": 1, "block": 1}
