"""What lies in mailboxes, archives and databases already is understood by every later version.

Each text here was made once, by the recipe that its module tells, and is never made anew: a link in an old letter
still lets its reader leave, a late bounce still finds its delivery, an erased address is still recognized.
"""

from datetime import UTC, datetime

import pytest

from newsletter import approval
from newsletter.cli.plan import approving
from newsletter.mail import verp
from newsletter.mail.letterhead import NAMES, Names
from newsletter.results import clicks
from subscribers import consent, token, variant
from subscribers.model import Consent
from subscribers.store.register import limits, suppressions
from subscribers.token import Claim, Purpose, Ring

AT = datetime(2025, 6, 12, 7, 0, tzinfo=UTC)
BEFORE = datetime(2025, 6, 12, 6, 59, 59, tzinfo=UTC)
OLD, NEW = b"a secret of the year before last", b"a newer secret, which signs today"
RING, LATER = Ring((OLD,)), Ring((NEW, OLD))

LINE = Consent(
    subscriber=7,
    list="monthly",
    what="confirm",
    at=AT,
    source="form",
    wording="Ja, skicka mig Bryggan. Å ena sidan",
    language="sv",
    network="192.0.2.0",
    message_id="<1@example.org>",
)


@pytest.mark.parametrize(
    ("purpose", "expires", "text"),
    [
        (Purpose.CONFIRM, AT, "ETQAAAAAAAcAAAADAGhKevBd3uqwIjTmo4gwtbkLtlWE"),
        (Purpose.PREFERENCES, None, "EjQAAAAAAAcAAAADAAAAAADYoEvYxPG0hIaVOKicqun9"),
        (Purpose.UNSUBSCRIBE, None, "EzQAAAAAAAcAAAADAAAAAAD17wqaSw-2T3Aeiixo3oJR"),
        (Purpose.FORM, AT, "FDQAAAAAAAcAAAADAGhKevAISGXWJEw2DJ-yeFIMA4EK"),
        (Purpose.ANSWER, None, "FTQAAAAAAAcAAAADAAAAAACYIFoeNQr5ggu88qP4zw9K"),
    ],
)
def test_links_in_old_letters_work(purpose, expires, text):
    assert token.read(LATER, purpose, text, BEFORE) == Claim(7, 3, expires)
    assert token.make(RING, purpose, 7, 3, expires) == text


def test_a_late_bounce_finds_its_delivery():
    local = "bounce+7-82d13a721ba862f0d880"
    assert [verp.read(local, key) for key in LATER.derived(verp.PURPOSE)] == [None, 7]
    assert verp.build("example.org", 7, RING.derive(verp.PURPOSE)) == f"{local}@example.org"


def test_another_attempt_has_the_message_id_of_the_first():
    names = Names(RING.derive(NAMES), "example.org")
    assert names.message_id(7, AT) == "<7.b52e5bf1318c48a31817@example.org>"


def test_a_click_in_an_old_letter_is_its_readers():
    assert clicks.read_mark("7-6bd894cec80ffb0a73f8", LATER.derived(clicks.PURPOSE)) == 7
    assert clicks.mark(7, RING.derive(clicks.PURPOSE)) == "7-6bd894cec80ffb0a73f8"


def test_an_address_that_was_erased_is_recognized():
    kept = "3c5de7f74bd61e238f09c5ca4848d2a343dec805371ef4a3b0766c74afb304a0"
    made = [suppressions.digest("anna@example.org", key) for key in LATER.derived(suppressions.PURPOSE)]
    assert made[1] == kept != made[0]


def test_a_new_version_forgets_no_limit():
    assert limits.mailbox(RING.derive(limits.PURPOSE), "anna@example.org") == (
        "address:36e0ca0391e7bcd3abbe48eb5799fec7"
    )


def test_the_chain_of_the_consent_ledger_holds():
    assert consent.digests(LINE)(7) == ("ffceb6464040b28e44fc6eb61af234d140099a9263dadc93e978d4cf6cda2874")
    assert consent.digests(LINE, "c60e8d")(7) == (
        "1eef8603ae33cf5c41abe9754e7b0a5edd8ec738f676d09fa70fa8bd6f8a6ce9"
    )
    assert consent.link(consent.START, "00") == "0f2f069115e9e56c72fd8c485279de0dec2b02bc0d44e35f010e8dd320ac46ad"
    assert consent.sealed("192.0.2.0", "salt") == (
        "c60e8dddc597e976053e8760a407abf14e792c8965238ff382443d6bbcb628cb"
    )


def test_a_send_that_goes_on_gives_everybody_the_subject_they_had():
    assert [variant.portion("2025-06", person) for person in (1, 2, 3)] == [1918, 8246, 8754]


def test_an_approval_is_still_sealed():
    made = approval.Approval("2025-06", "Eva Åberg", AT, {"issue.md": "2", "assets/pier.jpg": "1"})
    assert approval.seal(made, RING.derive(approving.PURPOSE)) == (
        "8f8b115b202772c5f192af8633d2252389a069aa038bdb29eb71469cdcb60194"
    )
