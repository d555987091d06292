"""What a mail server's log proves, in whatever way it was written down, and what it does not."""

import bz2
import gzip
import json
import lzma
import random

import pytest

from newsletter.bounce.maillog import Fate, fates
from newsletter.errors import NewsletterError, NotFoundError
from newsletter.files.logs import read

NAME = "<1.a@example.org>"
WANTED = {NAME, "<2.b@example.org>"}

#: What Postfix says of one message, by who says it; the text is the same in every kind of log.
SAID = [
    ("smtpd[11]", "4bXw2C1: client=localhost[127.0.0.1]"),
    ("cleanup[12]", f"4bXw2C1: message-id={NAME}"),
    ("qmgr[13]", "4bXw2C1: from=<bounce@example.org>, size=40123, nrcpt=1 (queue active)"),
    (
        "smtp[14]",
        "4bXw2C1: to=<reader@example.org>, relay=mx.example[2001:db8::1]:25, delay=0.5, delays=0/0/0.2/0.3, "
        "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9F1)",
    ),
    ("qmgr[13]", "4bXw2C1: removed"),
]
BOUNCED = (
    "smtp[14]",
    "4bXw2C1: to=<reader@example.org>, relay=mx.example[10.0.0.1]:25, delay=0.5, delays=0/0/0.2/0.3, dsn=5.1.1, "
    "status=bounced (host mx.example[10.0.0.1] said: 550 5.1.1 <reader@example.org>: Recipient address rejected: "
    "User unknown, status=sent (in reply to RCPT TO command))",
)


def exported(who: str, text: str) -> list[str]:
    tag, _, pid = who.rstrip("]").partition("[")
    return [
        "__CURSOR=s=1;i=2",
        "_TRANSPORT=syslog",
        f"SYSLOG_IDENTIFIER=postfix/{tag}",
        f"SYSLOG_PID={pid}",
        f"MESSAGE={text}",
        "",
    ]


#: How that stands in a log.
KINDS = {
    "traditional": lambda who, text: [f"Jun  2 09:00:01 mx postfix/{who}: {text}"],
    "RFC 3339": lambda who, text: [f"2025-06-12T09:00:01.123456+02:00 mx postfix/{who}: {text}"],
    "RFC 5424": lambda who, text: [
        f"<22>1 2025-06-12T09:00:01Z mx postfix/{who[:-4]} {who[-3:-1]} - - \ufeff{text}"
    ],
    "structured": lambda who, text: [f'1 2025-06-12T09:00:01Z mx postfix/smtp 1 ID [a@1 b="c"][d@2] {text}'],
    "Solaris": lambda who, text: [f"Jun 12 09:00:01 mx postfix/{who}: [ID 197553 mail.info] {text}"],
    "own file": lambda who, text: [f"Jun 12 09:00:01 mx.example.org postfix/{who}: {text}"],
    "second instance": lambda who, text: [f"Jun 12 09:00:01 mx postfix-out/{who}: {text}"],
    "own name": lambda who, text: [f"Jun 12 09:00:01 mx postfix/relay/{who}: {text}"],
    "journal": lambda who, text: [f"Thu 2025-06-12 09:00:01 CEST mx postfix/{who}: {text}"],
    "journal, cat": lambda who, text: [text],
    "journal, export": exported,
    "journal, JSON": lambda who, text: [json.dumps({"SYSLOG_IDENTIFIER": "postfix/x", "MESSAGE": text})],
    "journal, bytes": lambda who, text: [json.dumps({"MESSAGE": list(text.encode())})],
    "Docker": lambda who, text: [
        json.dumps(
            {"log": f"Jun 12 09:00:01 mx postfix/{who}: {text}\n", "stream": "stdout", "time": "2025-06-12T07"}
        )
    ],
    "Kubernetes": lambda who, text: [f"2025-06-12T07:00:01.1Z stdout F Jun 12 09:00:01 mx postfix/{who}: {text}"],
    "shipped": lambda who, text: [json.dumps({"@timestamp": "2025", "message": f"postfix/{who}: {text}"})],
    "container": lambda who, text: [f"mail-1  | Jun 12 09:00:01 mx postfix/{who}: {text}"],
    "folded": lambda who, text: [f"Jun 12 09:00:01 mx postfix/{who}:", *(f"  {word}" for word in text.split(" "))],
    "line ends": lambda who, text: [f"Jun 12 09:00:01 mx postfix/{who}: {text}\r\n"],
}


def log(said=SAID, kind="traditional"):
    return [line for who, text in said for line in KINDS[kind](who, text)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("queue_id", ["4bXw2C1", "4C5wXk3Nz9zJpQ"])
def test_what_the_queue_took_is_proven_in_every_kind_of_log(kind, queue_id):
    said = [(who, text.replace("4bXw2C1", queue_id)) for who, text in SAID]
    assert fates(log(said, kind), WANTED) == {NAME: Fate()}
    bounced = [*said[:3], (BOUNCED[0], BOUNCED[1].replace("4bXw2C1", queue_id)), said[4]]
    fate = fates(log(bounced, kind), WANTED)[NAME]
    assert fate.bounced.startswith("host mx.example[10.0.0.1] said: 550 5.1.1 <reader@")
    assert fate.status == "5.1.1"


def test_the_lines_of_a_message_may_come_in_any_order():
    """Each program of Postfix writes on its own, and logs of several days may be given the wrong way round."""
    long = [(who, text.replace("4bXw2C1", "4C5wXk3Nz9zJpQ")) for who, text in SAID]
    luck = random.Random(1)
    for _ in range(50):
        luck.shuffle(long)
        assert fates(log(long), WANTED) == {NAME: Fate()}
    short = SAID[:4]
    for _ in range(20):
        luck.shuffle(short)
        assert fates(log(short), WANTED) == {NAME: Fate()}


EXIM = [
    f'{{}} <= bounce@example.org H=(a) [2001:db8::1]:50 P=esmtps S=99 id={NAME[1:-1]} T="id=2.b@example.org"',
    '{} => reader@example.org R=dnslookup T=remote_smtp H=mx.example [10.0.0.1] C="250 OK"',
    "{} Completed",
]


@pytest.mark.parametrize(
    "head", ["2025-06-12 09:00:01 ", "2025-06-12 09:00:01.123 +0200 [77] ", "Jun 1 09:00:01 mx exim[7]: "]
)
@pytest.mark.parametrize("queue_id", ["1uPa2b-0001Ab-3C", "1uPa2b-00000001Abc-3Cd4"])
def test_exim_writes_it_in_one_line(head, queue_id):
    lines = [head + line.format(queue_id) for line in EXIM]
    assert fates(lines[:1], WANTED) == fates(lines, WANTED) == {NAME: Fate()}
    failed = f"{head}{queue_id} ** reader@example.org R=dnslookup T=smtp H=mx [::1]: SMTP error: 550 no such user"
    assert fates([lines[0], failed, lines[2]], WANTED)[NAME].bounced == "SMTP error: 550 no such user"
    assert fates(lines[1:], WANTED) == {}


SENDMAIL = [
    f"6AU28db8030313: from=<bounce@example.org>, size=99, class=0, nrcpts=1, msgid={NAME}, proto=ESMTP",
    "6AU28db8030313: to=<reader@example.org>, delay=00:00:00, mailer=esmtp, pri=49200, stat=queued",
]
#: How it goes on, and what that means.
SENDMAIL_ENDS = [
    ("dsn=2.0.0, stat=Sent (250 2.0.0 Ok: queued as 9F1)", Fate()),
    ("dsn=4.0.0, stat=Deferred: Connection refused by mx.example.", Fate()),
    ("dsn=4.3.0, reply=451 4.7.1 Greylisted, stat=Deferred: 451 4.7.1 Greylisted", Fate()),
    ("dsn=5.1.1, stat=User unknown", Fate("User unknown", "5.1.1")),
    ("dsn=5.2.2, reply=552 5.2.2 Full, stat=Service unavailable", Fate("552 5.2.2 Full", "5.2.2")),
    ("dsn=5.1.1, reply=550 No, stat=Sent, stat=User unknown", Fate("550 No, stat=Sent", "5.1.1")),
    ("dsn=5.0.0, stat=No, status=sent (x)", Fate("No, status=sent (x)", "5.0.0")),
    ("pri=59218, stat=Cannot send message for 5 days", Fate("Cannot send message for 5 days")),
]


@pytest.mark.parametrize(("end", "fate"), SENDMAIL_ENDS)
def test_sendmail_writes_it_once_it_has_the_whole_of_it(end, fate):
    head = "Jun 12 09:00:01 mx sm-mta[7]: "
    took, waits = (head + line for line in SENDMAIL)
    last = f"{head}6AU28db8030313: to=<reader@example.org>, delay=00:00:09, relay=mx.example. [10.0.0.1], {end}"
    assert fates([took], WANTED) == fates([took, waits], WANTED) == {NAME: Fate()}
    assert fates([took, waits, last], WANTED) == {NAME: fate}
    assert fates([waits, last], WANTED) == {}
    broken = f"{head}6AU28db8030313: from=<bounce@example.org>, size=0, class=0, nrcpts=1, proto=ESMTP"
    assert fates([broken], WANTED) == {}, "the connection ended before the dot"


def test_a_filter_that_gives_it_back_to_the_queue_hides_no_end_of_it():
    again = [(who, text.replace("4bXw2C1", "5D00F2A")) for who, text in SAID]
    both = [*SAID, *again[:3], (BOUNCED[0], BOUNCED[1].replace("4bXw2C1", "5D00F2A"))]
    assert fates(log(both), WANTED) == {NAME: Fate()}, "it went on once, and who knows to whom"
    deferred = (SAID[3][0], SAID[3][1].replace("status=sent", "status=deferred"))
    assert fates(log([*SAID[:3], deferred]), WANTED) == {NAME: Fate()}
    for end in ("expired", "force-expired"):
        expired = ("qmgr[13]", f"4bXw2C1: from=<bounce@example.org>, status={end}, returned to sender")
        assert fates(log([*SAID[:3], deferred, expired]), WANTED) == {NAME: Fate("returned to sender", "4.4.7")}


OTHER = ("cleanup[12]", "4bXw2C1: message-id=<9.z@example.org>")


@pytest.mark.parametrize(
    "said",
    [
        [],
        SAID[:2],
        SAID[2:],
        [OTHER, *SAID[2:]],
        # The queue id came again for another message before the first one was whole.
        [SAID[1], OTHER, SAID[2]],
        # What was removed is over: the id's next message is another one.
        [SAID[2], SAID[4], SAID[1]],
        [SAID[1], ("smtpd[11]", "lost connection after DATA from localhost[127.0.0.1]")],
        [
            SAID[1],
            ("cleanup[12]", "4bXw2C1: milter-reject: END-OF-MESSAGE from localhost[::1]: 5.7.1 no; from=<b@x>"),
        ],
        [("cleanup[12]", f"4bXw2C1: warning: header Subject: x: message-id={NAME} from x; from=<b>"), SAID[2]],
        [("smtpd[1]", f"warning: 4bXw2C1: message-id={NAME}"), SAID[2]],
        [("cleanup[12]", f"4bXw2C1: resent-message-id={NAME}"), SAID[2]],
        [SAID[1], (SAID[3][0], SAID[3][1][:60])],
    ],
)
def test_what_only_was_begun_proves_nothing(said):
    assert fates(log(said), WANTED) == {}


@pytest.mark.parametrize(
    "line", ["\0noise", "{", "[]", "{}", '{"MESSAGE": null}', '{"MESSAGE": [1, "a", 999]}', "  ", "a" * 100_000]
)
def test_noise_is_no_line(line):
    assert fates([line, *log(), line], WANTED) == {NAME: Fate()}


@pytest.mark.parametrize("opened", [open, gzip.open, bz2.open, lzma.open])
def test_a_log_may_be_packed_and_be_in_several_files(tmp_path, opened):
    lines = log()
    for name, part in (("mail.log.1", lines[:2]), ("mail.log", lines[2:])):
        with opened(tmp_path / name, "wb") as file:
            file.write("\n".join([*part, "b\udce5r", ""]).encode("utf-8", "surrogateescape"))
    found = read([str(tmp_path / "mail.log.1"), str(tmp_path / "mail.log")])
    assert fates(found, WANTED) == {NAME: Fate()}


def test_a_log_that_cannot_be_read_is_told(tmp_path):
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"a line\n" * 1000)[:20])
    with pytest.raises(NewsletterError, match="cannot be read"):
        list(read([str(cut)]))
    with pytest.raises(NotFoundError):
        list(read([str(tmp_path / "none")]))
    with pytest.raises(NewsletterError, match="irectory"):
        list(read([str(tmp_path)]))
