"""A wrong link in a letter that is out: it can lead to the right page, and nothing else changes."""

import pytest

from newsletter.cli import wiring
from subscribers.store.back import links
from tests.smtpserver import Server

WRONG, RIGHT = "https://harbour.example/patry", "https://harbour.example/party"
ISSUE = f"""---
subject: June by the harbour
preheader: A party on the quay, and everybody may come
list: monthly
---
Come to [our party]({WRONG}), and see [the pier](https://harbour.example/pier).
"""
COUNTED = "\n[tracking]\nclicks = true\n"
CAMPAIGN = 'campaign = "utm_campaign={issue}-{language}"\nsites = ["harbour.example"]\n'


@pytest.fixture
def sent(editor, request):
    """An editor whose issue, in two languages, went to three readers."""
    folder = editor.root / "issues/2025-06"
    folder.mkdir()
    for name in ("issue.md", "issue.sv.md"):
        (folder / name).write_text(ISSUE)
    with (editor.root / "newsletter.toml").open("a") as settings:
        settings.write(getattr(request, "param", COUNTED))
    editor.people(3)
    with Server() as server:
        editor.to(server)
        assert editor("send", "2025-06", "--yes", "--force", "no such hosts here")[0] == 0
    return editor


def lead(editor):
    """Return where the counted links of the letter lead, in both languages."""
    with wiring.people(editor.workspace) as connection:
        return sorted(one.url for one in links.totals(connection, "2025-06"))


def test_a_link_leads_to_the_right_page_in_every_language_and_no_other_changes(sent):
    assert lead(sent) == [WRONG, WRONG, "https://harbour.example/pier", "https://harbour.example/pier"]
    code, told = sent.json("relink", "2025-06", WRONG, RIGHT)
    assert (code, told) == (0, {"issue": "2025-06", "old": WRONG, "new": RIGHT, "links": 2})
    assert lead(sent) == [RIGHT, RIGHT, "https://harbour.example/pier", "https://harbour.example/pier"]


def test_a_link_that_was_led_to_another_links_page_is_taken_back_alone(sent):
    before = lead(sent)
    assert sent("relink", "2025-06", WRONG, "https://harbour.example/pier")[0] == 0
    assert set(lead(sent)) == {"https://harbour.example/pier"}
    assert sent("relink", "2025-06", WRONG, WRONG)[0] == 0
    assert lead(sent) == before
    for page in (f"{RIGHT}-1", RIGHT):
        assert sent("relink", "2025-06", WRONG, page)[0] == 0
    assert lead(sent) == [RIGHT, RIGHT, *before[2:]]


@pytest.mark.parametrize("sent", [COUNTED + CAMPAIGN], indirect=True)
def test_what_tells_the_sites_statistics_where_visitors_come_from_stays(sent):
    assert sent("relink", "2025-06", WRONG, RIGHT)[0] == 0
    assert lead(sent)[:2] == [f"{RIGHT}?utm_campaign=2025-06-{language}" for language in ("en", "sv")]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("2025-06", f"{WRONG}x", RIGHT), 4, f"did you mean {WRONG}?"),
        (("2025-06", WRONG, "harbour.example/party"), 2, "write it whole"),
        (("2025-06", WRONG, "javascript:alert(1)"), 2, "write it whole"),
        (("0001-hello", WRONG, RIGHT), 4, "never sent"),
    ],
)
def test_what_cannot_be_changed_is_told_and_nothing_is(sent, words, code, told):
    before = lead(sent)
    assert sent("relink", *words)[0] == code
    assert told in sent("relink", *words)[2]
    assert lead(sent) == before


@pytest.mark.parametrize("sent", [""], indirect=True)
def test_links_that_are_not_counted_lead_where_they_lead(sent):
    code, _, said = sent("relink", "2025-06", WRONG, RIGHT)
    assert (code, "straight to their pages" in said) == (5, True)


def test_a_link_that_was_mended_stays_so_after_an_older_copy_is_put_back(sent, tmp_path):
    copy = tmp_path / "copy.db"
    assert sent("backup", str(copy))[0] == 0
    assert sent("relink", "2025-06", WRONG, RIGHT)[0] == 0
    assert sent("restore", str(copy), "--yes")[0] == 0
    assert lead(sent)[:2] == [RIGHT, RIGHT]
