"""What a mail server's log proves, and what it does not."""

import pytest

from newsletter.maillog import taken

HEAD = "Jun 12 09:00:01 mx postfix"
TAKEN = [
    f"{HEAD}/smtpd[11]: 4bXw2C1: client=localhost[127.0.0.1]",
    f"{HEAD}/cleanup[12]: 4bXw2C1: message-id=<1.a@example.org>",
    f"{HEAD}/qmgr[13]: 4bXw2C1: from=<bounce@example.org>, size=40123, nrcpt=1 (queue active)",
    f"{HEAD}/smtp[14]: 4bXw2C1: to=<reader@example.org>, relay=mx.example[10.0.0.1]:25, status=sent (250 ok)",
]
EXIM = "2025-06-12 09:00:01 1uPa2b-0001 <= bounce@example.org H=localhost P=esmtp S=9 id=1.a@example.org"
WANTED = {"<1.a@example.org>", "<2.b@example.org>"}


@pytest.mark.parametrize("lines", [TAKEN, TAKEN[:3], [TAKEN[1], TAKEN[3]], [EXIM], ["", "\0noise", *TAKEN]])
def test_what_the_queue_took_is_proven(lines):
    assert taken(lines, WANTED) == {"<1.a@example.org>"}


@pytest.mark.parametrize(
    "lines",
    [
        [],
        TAKEN[:2],
        TAKEN[2:],
        [f"{HEAD}/cleanup[12]: 4bXw2C1: message-id=<9.z@example.org>", *TAKEN[2:]],
        # The queue id came again for another message before the first one was whole.
        [TAKEN[1], f"{HEAD}/cleanup[12]: 4bXw2C1: message-id=<9.z@example.org>", TAKEN[2]],
        [TAKEN[1], f"{HEAD}/smtpd[11]: lost connection after DATA from localhost[127.0.0.1]"],
        ["a subject: /cleanup[1]: message-id=<1.a@example.org>", TAKEN[2]],
        [EXIM.replace("<=", "=>")],
    ],
)
def test_what_only_was_begun_proves_nothing(lines):
    assert taken(lines, WANTED) == set()
