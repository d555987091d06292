"""The gate: one broken letter for each finding, with the right id and place; a good letter passes."""

import re
from pathlib import Path

import pytest

from newsletter import filekind, preflight
from newsletter.findings import GROUPS
from newsletter.model import Cta, Events, Image, Lead, Level, Picture, Prose, Quote, Span, Token
from tests.letters import (
    HTML,
    ISSUE,
    LINK,
    PUBLIC,
    SETTINGS,
    SOURCE,
    STORY,
    TEXT,
    Letter,
    behind,
    block,
    linked,
    only,
    themed,
    written,
)

LOCAL = SETTINGS.replace("https://news.tidvatten.se", "http://127.0.0.1:8000")

ERRORS = {
    "subject-missing": (Letter(subject=" "), f"{ISSUE}:2"),
    "list-unknown": (Letter(list="montly"), f"{ISSUE}:4"),
    "issue-empty": (Letter(blocks=()), ISSUE),
    "cta-without-link": (block(Cta, text="Come and see."), f"{ISSUE}:6"),
    "block-empty": (block(Lead), f"{ISSUE}:6"),
    "text-missing": (Letter(text="\n"), "text"),
    "text-different": (
        Letter(
            html=HTML.replace(STORY, " ".join(f"wordnumber{letter}" * 2 for letter in "abcdefghijklmnopqrstuvw"))
        ),
        "text",
    ),
    "unsubscribe-html": (themed(">Unsubscribe<", "><"), "html"),
    "unsubscribe-text": (Letter(text=TEXT.partition("Unsubscribe")[0]), "text"),
    "address-missing": (
        Letter(settings=SETTINGS.replace("Quay 4, 123 45 Harbour, Sweden", "")),
        "newsletter.toml",
    ),
    "address-html": (themed("<p>Quay 4, 123 45 Harbour, Sweden</p>", ""), "html"),
    "address-text": (Letter(text=TEXT.replace("Quay 4,", "")), "text"),
    "base-url": (
        Letter(settings=PUBLIC.replace("https://news.tidvatten.se", "http://127.0.0.1:8000")),
        "newsletter.toml",
    ),
    "sender-reserved": (Letter(settings=PUBLIC.replace("@tidvatten.se", "@example.org")), "newsletter.toml"),
    "link-relative": (linked("/pier"), f"{ISSUE}:8"),
    "link-scheme": (linked("javascript:alert(1)"), f"{ISSUE}:8"),
    "link-broken": (linked("https://..."), f"{ISSUE}:8"),
    "link-user": (linked("https://bank.se@evil.se/"), f"{ISSUE}:8"),
    "link-private": (linked("http://localhost:8080/pier"), f"{ISSUE}:8"),
    "link-http": (linked("http://tidvatten.se/pier", settings=PUBLIC), f"{ISSUE}:8"),
    "link-example": (linked("https://example.com/pier"), f"{ISSUE}:8"),
    "link-disguised": (linked("https://evil.se/", text="www.bank.se"), f"{ISSUE}:8"),
    "link-empty": (linked("https://tidvatten.se/quay", text=""), f"{ISSUE}:8"),
    "lang-missing": (themed('<html lang="en"', '<html lang="und"'), "html"),
    "lang-other": (themed('<html lang="en"', '<html lang="sv"'), "html"),
    "lang-body": (themed('<div lang="en" dir="ltr"', "<div"), "html"),
    "title-missing": (themed("<title>June by the harbour</title>", ""), "html"),
    "alt-missing": (
        Letter(source=SOURCE + "\n![](pier.jpg)\n"),
        f"{ISSUE}:10",
    ),
    "table-role": (themed('<table role="presentation"><tr><td style', "<table><tr><td style"), "html"),
    "contrast": (themed("color:#222222", "color:#999999"), "html"),
    "contrast-dark": (
        themed(
            "h1 {",
            "h1 { color: #000 }} @media (prefers-color-scheme: dark) { h1 { color: #fff !important } .x {",
        ),
        "html",
    ),
    "size-clipped": (Letter(html=HTML.replace("</body>", f"<!--{'x' * 105_000}--></body>")), "html"),
    "html-doctype": (themed("<!doctype html>", ""), "html"),
    "html-charset": (themed('<meta charset="utf-8">', ""), "html"),
    "html-forbidden": (themed("<h1>", "<form></form><h1>"), "html"),
    "html-script": (themed("<h1>", '<h1 onclick="x()">'), "html"),
    "html-duplicate-id": (themed("<p>", '<p id="one">'), "html"),
    "html-duplicate-attribute": (themed("<h1>", '<h1 class="a" class="b">'), "html"),
    "html-depth": (themed("<h1>", "<div>" * 60 + "<h1>"), "html"),
    "html-mso": (themed("</td></tr></table><![endif]-->", "</td></tr></table>-->"), "html"),
    "css-long": (themed("<style>", f"<style>/*{'x' * 17_000}*/"), "html"),
    "css-nested": (themed("h1 { font-size: 26px }", "@media print { h1 { color: red } }"), "html"),
    "css-external": (themed("<style>", '<link rel="stylesheet" href="https://x.se/a.css"><style>'), "html"),
    "image-inline": (themed("https://tidvatten.se/pier.jpg", "data:image/png;base64,AAAA"), "html"),
    "image-relative": (themed("https://tidvatten.se/pier.jpg", "assets/pier.jpg"), "html"),
    "leftover-template": (written("Dear *|FNAME|*, the new pier opened."), f"{ISSUE}:6"),
    "leftover-lorem": (written("Lorem ipsum dolor sit amet."), f"{ISSUE}:6"),
    "leftover-todo": (written("The pier. TODO: ask Eva"), f"{ISSUE}:6"),
    "leftover-escape": (written(r"The pier\u{a0}opened."), f"{ISSUE}:6"),
    "leftover-none": (written("Dear None, the pier opened."), f"{ISSUE}:6"),
    "leftover-example": (written("Write to eva@example.com today."), f"{ISSUE}:6"),
    "block-unmade": (Letter(source=f"{SOURCE}\n    ::: story\n"), f"{ISSUE}:10"),
    "leftover-token": (themed(STORY, "Dear NLffff9999X7XNL"), "html"),
    "leftover-mjml": (themed("<h1>", "<mj-txt>Hello</mj-txt><h1>"), "html"),
}

WARNINGS = {
    "subject-long": (Letter(subject="June by the harbour " * 4), f"{ISSUE}:2"),
    "subject-capitals": (Letter(subject="COME TO THE PIER"), f"{ISSUE}:2"),
    "subject-reply": (Letter(subject="RE: the pier"), f"{ISSUE}:2"),
    "subject-invisible": (Letter(subject="June\u202e by the harbour"), f"{ISSUE}:2"),
    "preheader-missing": (Letter(preheader=""), f"{ISSUE}:3"),
    "preheader-length": (Letter(preheader="A new pier"), f"{ISSUE}:3"),
    "preheader-same": (Letter(preheader="June by the harbour"), f"{ISSUE}:3"),
    "text-markup": (Letter(text=TEXT + "<p>Bye</p>"), "text"),
    "base-url": (Letter(settings=LOCAL), "newsletter.toml"),
    "link-http": (linked("http://tidvatten.se/pier"), f"{ISSUE}:8"),
    "link-vague": (linked(LINK, text="Läs mer"), f"{ISSUE}:8"),
    "link-shortener": (linked("https://bit.ly/3abc"), f"{ISSUE}:8"),
    "link-invisible": (linked("https://tidvatten.se/\u200bpier"), f"{ISSUE}:8"),
    "alt-file": (themed("Boats along the new pier", "pier.jpg"), "html"),
    "h1-count": (themed("<h1>June by the harbour</h1>", ""), "html"),
    "heading-skipped": (themed("</h1>", "</h1><h4>Boats</h4>"), "html"),
    "zoom-forbidden": (
        themed("<style>", '<meta name="viewport" content="width=device-width, user-scalable=no"><style>'),
        "html",
    ),
    "size-large": (Letter(html=HTML.replace("</body>", f"<!--{'x' * 95_000}--></body>")), "html"),
    "image-format": (themed("pier.jpg", "pier.webp"), "html"),
    "image-width": (themed('width="600"', 'width="50%"'), "html"),
    "field-quoted": (Letter(source=SOURCE.replace("June by the harbour", "“June by the harbour”")), f"{ISSUE}:2"),
    "list-unmade": (Letter(source=f"{SOURCE}\n• Boats\n• Nets\n"), f"{ISSUE}:10"),
    "lines-joined": (behind("Yours,\nEva Lind"), f"{ISSUE}:10"),
    "table-unmade": (Letter(source=f"{SOURCE}\n| Boat | Berth |\n| Tern | 4 |\n"), f"{ISSUE}:10"),
    "code-unmeant": (behind("    The pier is open."), f"{ISSUE}:10"),
    "link-unmade": (behind("Our page is https://tidvatten.se/boats."), f"{ISSUE}:10"),
    "glued-sentence": (written("That time is long gone!On Friday the pier opened."), f"{ISSUE}:6"),
    "accent-apostrophe": (written("The boats came, and they´re fast."), f"{ISSUE}:6"),
    "question-without-link": (
        Letter(
            source=SOURCE.replace(STORY, "Need a berth? Visit the harbour.").partition("[All")[0],
            changes={STORY: "Need a berth? Visit the harbour."},
        ),
        f"{ISSUE}:6",
    ),
    "story-without-words": (block(Lead, title="The new pier"), f"{ISSUE}:6"),
    "quote-without-speaker": (block(Quote, text="We float."), f"{ISSUE}:6"),
    "field-without-fallback": (
        Letter(
            source=SOURCE.replace(STORY, "Dear {{ name }},"),
            tokens=(Token("NLabcd1234X0XNL", "unsubscribe_url"), Token("NLabcd1234X1XNL", "name")),
        ),
        f"{ISSUE}:6",
    ),
    "column-left-out": (Letter(notes=("column-left-out: a column was too narrow",)), "html"),
}


def test_a_good_letter_has_no_findings():
    assert Letter().check() == ()
    assert Letter(settings=PUBLIC).check() == ()


@pytest.mark.parametrize("code", ERRORS)
def test_each_fault_is_an_error_with_its_place(code):
    letter, place = ERRORS[code]
    finding = only(letter.check(), code)
    assert (finding.level, finding.place) == (Level.ERROR, place)
    assert finding.message
    assert finding.remedy


@pytest.mark.parametrize("code", WARNINGS)
def test_each_weakness_is_a_warning_with_its_place(code):
    letter, place = WARNINGS[code]
    finding = only(letter.check(), code)
    assert (finding.level, finding.place) == (Level.WARNING, place)
    assert finding.message
    assert finding.remedy


def test_a_field_that_is_called_like_a_link_may_be_empty_as_any_other():
    one = Letter(
        source=SOURCE.replace(STORY, "Your ticket: {{ ticket_url }}"),
        tokens=(Token("NLabcd1234X0XNL", "unsubscribe_url"), Token("NLabcd1234X1XNL", "ticket_url")),
    )
    assert "ticket_url has no fallback" in only(one.check(), "field-without-fallback").message


def test_a_story_that_goes_on_under_its_title_has_words():
    title = Lead(span=Span(5, 6), src="k", title="The new pier")
    told = Prose(span=Span(6, 7), src="k", text=STORY)
    assert "story-without-words" not in {found.id for found in Letter(blocks=(title, told)).check()}


def test_letters_as_wide_as_two_count_as_two():
    short, long = (
        "今月の海辺の催しを三つご紹介します。",
        "旧ポンプ場が共同実験室に。今月の催しも三つご紹介します" * 3,
    )
    assert "is 36 characters wide" in only(Letter(preheader=short).check(), "preheader-length").message
    assert "say it shorter" in only(Letter(preheader=long).check(), "preheader-length").remedy
    assert Letter(preheader=short + "お楽しみに").check() == ()
    assert "subject-long" in {found.id for found in Letter(subject=long).check()}
    words = "月曜日に共同実験室が開きました。四十の実験台と二つの部屋、そして台所があります。"
    for told, few in ((words, False), (words[:12], True)):
        source = f"---\nsubject: June\n---\n![Boats](assets/a.jpg)\n{told}\n"
        found = {one.id for one in Letter(source=source, blocks=(Prose(span=Span(3, 5), text=""),)).check()}
        assert ("image-little-text" in found) is few


def test_a_weakness_brings_no_error_with_it():
    for code, (letter, _) in WARNINGS.items():
        assert [found for found in letter.check() if found.level == Level.ERROR] == [], code


@pytest.mark.parametrize("host", ["10.0.0.8", "8.8.8.8", "[::1]", "boat.local", "169.254.1.1"])
def test_hosts_that_readers_cannot_reach_or_trust_are_errors(host):
    assert only(linked(f"https://{host}/pier", settings=PUBLIC).check(), "link-private").level == Level.ERROR


def test_an_article_that_truly_comes_from_this_machine_only_warns_while_mail_stays_here():
    source = '\n[[source]]\nname = "site"\nurl = "http://127.0.0.1:8001/feed"\n'
    here = linked("http://127.0.0.1:8001/pier", settings=LOCAL + source)
    public = linked("http://127.0.0.1:8001/pier", settings=PUBLIC + source)
    assert only(here.check(), "link-private").level == Level.WARNING
    assert only(public.check(), "link-private").level == Level.ERROR


def test_one_finding_tells_all_the_lines_with_a_host_that_readers_cannot_reach():
    links = [f"http://127.0.0.1:8001/pier-{number}" for number in range(5)] + ["http://127.0.0.11/pier"]
    rows = "\n".join(f"[Pier {number}]({href})" for number, href in enumerate(links))
    html = "".join(f'<p><a href="{href}">Pier {number}</a></p>' for number, href in enumerate(links))
    source = '\n[[source]]\nname = "site"\nurl = "http://127.0.0.1:8001/feed"\n'
    letter = Letter(
        source=SOURCE.replace(STORY, f"{STORY}\n{rows}"),
        changes={"</h1>": f"</h1>{html}"},
        settings=LOCAL + source,
    )
    found = [each for each in letter.check() if each.id == "link-private"]
    assert [(each.level, each.place, each.message) for each in found] == [
        (
            Level.ERROR,
            f"{ISSUE}:12",
            "the host of http://127.0.0.11/pier is on this machine or network; readers get nowhere",
        ),
        (
            Level.WARNING,
            f"{ISSUE}:7",
            "127.0.0.1 is on this machine or network; readers get nowhere from 5 lines: 7, 8, 9 and 2 more",
        ),
    ]


def test_links_to_our_own_pages_are_judged_once_by_the_base_url():
    letter = linked("http://127.0.0.1:8000/archive", settings=LOCAL)
    assert [found.id for found in letter.check()] == ["base-url"]


def braces(**block) -> Letter:
    """Return a letter whose words say {{ name }} on purpose, in a block with these attributes."""
    return Letter(
        source=SOURCE.replace(STORY, r"Write \{\{ name }} for a field."),
        changes={STORY: "Write {{ name }} for a field."},
        blocks=(Prose(text="as in the source", span=Span(5, 8), **block),),
    )


def test_braces_that_an_editor_meant_only_warn():
    assert only(braces().check(), "leftover-template").level == Level.WARNING
    assert only(braces(src=LINK, pin=True).check(), "leftover-template").level == Level.WARNING
    assert only(braces(src=LINK).check(), "leftover-template").level == Level.ERROR


def test_the_place_of_a_link_is_where_it_stands_and_not_where_its_block_came_from():
    long = f"{LINK}-and-more"
    source = f'---\n---\n::: story {{src="{LINK}"}}\n[All]({long})\n[All]({LINK})\n:::\n'
    letter = Letter(source=source.replace("https", "ftp"), changes={LINK: LINK.replace("https", "ftp")})
    assert only(letter.check(), "link-relative").place == f"{ISSUE}:5"


def test_a_picture_beside_the_issue_must_be_there_and_be_light():
    picture = "https://news.tidvatten.se/issues/2025-06/assets/p%C3%A5.jpg"
    letter = Letter(
        source=SOURCE + "\n![Boats](assets/på.jpg)\n", changes={"https://tidvatten.se/pier.jpg": picture}
    )
    missing = only(letter.check(size=lambda name: None), "image-missing")
    assert (missing.level, missing.place) == (Level.ERROR, f"{ISSUE}:10")
    heavy = only(letter.check(size={"assets/på.jpg": 900_000}.get), "image-heavy")
    assert (heavy.level, heavy.place) == (Level.WARNING, f"{ISSUE}:10")
    assert letter.check(size={"assets/på.jpg": 9_000}.get) == ()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://news.example.net", "news.example.net is a name for examples"),
        ("http://localhost:8000", "to change lead"),
    ],
)
def test_an_address_that_readers_cannot_reach_says_why(address, why):
    settings = LOCAL.replace("http://127.0.0.1:8000", address)
    assert address in settings
    assert only(Letter(settings=settings).check(), "base-url").message.endswith(why)


def test_what_rendering_left_out_is_told_with_its_line():
    note = f"link-left-out: {ISSUE}:8: javascript: is no address for a letter; use https://"
    finding = only(Letter(notes=(note,)).check(), "link-scheme")
    assert (finding.level, finding.place, finding.remedy) == (Level.ERROR, f"{ISSUE}:8", "use https://")


def test_a_hidden_link_is_no_way_out():
    letter = themed('<p><a href="NLabcd1234X0XNL"', '<p style="display:none"><a href="NLabcd1234X0XNL"')
    assert only(letter.check(), "unsubscribe-html").level == Level.ERROR


def test_a_block_without_words_is_told_by_its_kind():
    assert "events" in only(block(Events).check(), "block-empty").message
    assert block(Image, picture=Picture("https://tidvatten.se/a.jpg", "A boat")).check() == ()


def test_what_only_some_variants_have_says_which():
    english = Letter().check()
    swedish = themed('<meta charset="utf-8">', "").check()
    merged = preflight.merge({"en": english, "sv": swedish})
    assert [found.message.endswith("(in sv)") for found in merged] == [True]
    assert preflight.merge({"en": swedish, "sv": swedish}) == swedish


def test_errors_come_first_and_then_the_lines():
    letter = Letter(subject="RE: the pier", list="montly", changes={LINK: "/pier"}, preheader="")
    levels = [found.level for found in letter.check()]
    assert levels == sorted(levels)


@pytest.mark.parametrize(
    "html", ["", " ", "<", "\x00", "<p>" * 3000, "<!--", "<table><td><a href=", "\ud83d\ude00"[:0]]
)
def test_any_html_can_be_checked(html):
    assert any(found.level == Level.ERROR for found in Letter(html=html).check())


def test_every_finding_is_documented_and_no_other():
    page = (Path(__file__).parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+|contrast)`", page))
    folder = Path(preflight.__file__).parent
    files = [*(folder / "gate").rglob("*.py"), folder / "preflight.py", *(folder / "cli" / "look").glob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    composed = {"address-html", "address-text"}
    assert [name for name in set(GROUPS) - composed if f'"{name}"' not in code] == []
    assert documented - {"apple-mail", "samsung-email", "web-de"} == set(GROUPS)
    written = set(re.findall(r'(?:error|warning|_empty|_without_alt)\(\s*"([a-z0-9-]+)"', code))
    assert written - set(GROUPS) == set()


@pytest.mark.parametrize("name", ["{}:x", "{a}b", "{", "{{", "{%"])
def test_what_a_template_left_among_the_attributes_of_a_tag_ends_no_check(name):
    assert only(themed("<h1>", f'<h1 {name}="1"><form></form>').check(), "html-forbidden").place == "html"


@pytest.mark.parametrize(
    ("size", "told"), [({"assets/plan.png": 900}.get, []), (lambda name: None, ["link-relative"])]
)
def test_a_link_may_lead_to_a_picture_beside_the_issue_that_is_there(size, told):
    letter = linked("https://news.tidvatten.se/issues/2025-06/assets/plan.png", "The plan of the pier")
    assert [one.id for one in letter.check(size=size)] == told
    assert letter.check() == (), "nobody told what lies beside it"


@pytest.mark.parametrize(
    ("name", "start", "told"),
    [
        ("plan.pdf", b"%PDF-1.7", ""),
        ("plan.pdf", b"\r\n\xef\xbb\xbf%PDF-1.4", ""),
        ("PLAN.PDF", b"<!DOCTYPE html><title>Log in", "a web page"),
        ("plan.pdf", b'<?xml version="1.0"?><svg onload="x()"/>', "not what its name says"),
        ("plan.pdf", b"PK\x03\x04word/document.xml", "a Word file"),
        ("plan.docx", b"PK\x03\x04word/document.xml", ""),
        ("plan.docx", b"\xd0\xcf\x11\xe0 with a password", ""),
        ("plan.docx", b"", "an empty file"),
        ("party.ics", b"\xef\xbb\xbfBEGIN:VCALENDAR", ""),
        ("song.mp3", b"anything", ""),
    ],
)
def test_a_document_that_is_not_what_its_name_says_is_told(name, start, told):
    letter = linked(f"https://news.tidvatten.se/issues/2025-06/assets/{name}", "The plan")
    found = letter.check(size=lambda _: 900, otherwise=lambda each: filekind.otherwise(each, start))
    said = f"assets/{name} is {told}, and no reader could open it"
    assert [(one.id, one.level, one.message) for one in found] == [("link-document", Level.ERROR, said)] * bool(
        told
    )


def test_a_link_to_a_file_with_the_signs_of_an_address_in_its_name_leads_to_it():
    letter = linked("https://news.tidvatten.se/issues/2025-06/assets/a%23b%3F%2520.pdf?x=1#page=2", "The plan")
    assert letter.check(size={"assets/a#b?%20.pdf": 900}.get) == ()


def test_what_stands_in_a_template_is_told_with_its_line():
    templates = {
        "templates/letter/header.mjml": "<mj-text>Lorem</mj-text>\n",
        "templates/letter/footer.mjml": "<mj-text>\n  LOREM ipsum dolor sit\n</mj-text>",
    }
    letter = themed("</body>", "<p>Lorem ipsum dolor sit amet</p></body>")
    assert only(letter.check(templates=templates), "leftover-lorem").place == "templates/letter/footer.mjml:2"
    assert only(letter.check(), "leftover-lorem").place == "html"


def test_a_signer_is_aligned_with_a_sender_whose_domain_dns_writes_otherwise():
    signed = '\n[dkim]\ndomain = "havsnära.se"\nselector = "news"\nkey_file = "dkim.pem"\n'
    settings = PUBLIC.replace("@tidvatten.se", "@news.havsnära.se") + signed
    assert "sender-unaligned" not in [one.id for one in Letter(settings=settings).check()]
