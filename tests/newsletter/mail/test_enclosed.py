"""Pictures that travel in the message: each once, found by its address, and nothing else taken along."""

import email
import email.policy
from datetime import UTC, datetime

from newsletter import message
from newsletter.mail import enclosed
from newsletter.mail.letterhead import pack, unpack
from tests.newsletter.test_message import HEAD, recipient, rendered

BASE = "https://news.example.org/issues/2025-06/"
JPEG, PNG = b"\xff\xd8\xff" + bytes(range(256)), b"\x89PNG\r\n\x1a\n" + b"\0" * 100
FILES = {"assets/två hus.jpg": JPEG, "assets/a.png": PNG, "assets/b.webp": b"RIFF"}
HTML = f"""<img src="{BASE}assets/tv%C3%A5%20hus.jpg"><img src="{BASE}assets/a.png"><img src="{BASE}assets/a.png">
<img src="{BASE}assets/b.webp"><img src="{BASE}assets/none.png"><img src="https://e.example/x.png">
<a href="{BASE}assets/a.png">a</a>"""


def test_pictures_beside_the_issue_travel_and_others_do_not() -> None:
    one = enclosed.enclose(rendered(html=HTML), BASE, FILES.get)
    assert [(each.kind, each.name, each.content) for each in one.enclosed] == [
        ("image/jpeg", "tv-hus.jpg", JPEG),
        ("image/png", "a.png", PNG),
    ]
    first, second = (each.cid for each in one.enclosed)
    assert one.html.count(f'src="cid:{first}"') == 1
    assert one.html.count(f'src="cid:{second}"') == 2
    for kept in ("assets/b.webp", "assets/none.png", 'href="' + BASE + "assets/a.png"):
        assert kept in one.html
    assert unpack(pack(one, HEAD))[0] == one


def test_the_message_holds_them_beside_the_html() -> None:
    one = enclosed.enclose(rendered(html=HTML + "NLabcXnameXNL"), BASE, FILES.get)
    data = message.compile(one, HEAD, datetime(2025, 6, 12, tzinfo=UTC)).fill(recipient()).data
    sent = email.message_from_bytes(data, policy=email.policy.default)
    assert [part.get_content_type() for part in sent.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/jpeg",
        "image/png",
    ]
    assert not [part.defects for part in sent.walk() if part.defects]
    html = sent.get_body(("html",)).get_content()
    assert "Åsa" in html
    for picture, content in zip(list(sent.walk())[4:], (JPEG, PNG), strict=True):
        assert f"cid:{picture['Content-ID'].strip('<>')}" in html
        assert picture.get_content() == content
        assert picture.get_content_disposition() == "inline"
    outer, inner = sent.get_boundary(), list(sent.walk())[2].get_boundary()
    assert not inner.startswith(outer)
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_without_pictures_the_message_stays_as_it_was() -> None:
    one = rendered()
    assert enclosed.enclose(one, BASE, FILES.get) == one
    assert (
        b"multipart/related"
        not in message.compile(one, HEAD, datetime(2025, 6, 12, tzinfo=UTC)).fill(recipient()).data
    )
