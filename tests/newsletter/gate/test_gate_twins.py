"""What the gate says of twins that are out of step."""

from datetime import UTC

import pytest

from newsletter import issue
from newsletter.gate import twins
from newsletter.model import Article

BASE = "https://park.example.org"
ENGLISH = f"""---
subject: June
list: monthly
send_at: 2026-06-10T09:00
---
Hello

::: lead {{src="{BASE}/en/kelp"}}
## Kelp
:::

::: story {{src="{BASE}/en/choir"}}
## Choir
:::

::: events
- 2026-07-01 18:00 | Party
- 2026-07-02 | Fair
:::
"""
SWEDISH = ENGLISH.replace("/en/", "/sv/").replace("Kelp", "Tång").replace("Choir", "Kören").replace("June", "Juni")


def pair(name: str) -> dict[str, Article]:
    keys = {code: f"{BASE}/{code}/{name}" for code in ("en", "sv")}
    return {
        key: Article(key, f"{name} {code}", key, "", "", "site", code, twins=tuple(set(keys.values()) - {key}))
        for code, key in keys.items()
    }


POOL = {**pair("kelp"), **pair("choir")}


def found(swedish: str, english: str = ENGLISH) -> list[tuple[str, str, int]]:
    """Return what is found: the language, the id, and the line."""
    both = [
        issue.parse(text, slug="x", language=code, path=f"issue.{code}.md", zone=UTC)
        for code, text in (("en", english), ("sv", swedish))
    ]
    return [(code, one.id, int(one.place.rpartition(":")[2])) for code, one in twins.findings(both, POOL)]


def test_twins_that_say_the_same_are_in_step():
    assert found(SWEDISH) == []
    assert list(twins.findings([issue.parse(ENGLISH, slug="x", language="en")], POOL)) == []


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('::: story {src="https://park.example.org/sv/choir"}\n## Kören\n:::\n', "", [("en", "twin-article", 12)]),
        ("2026-07-01 18:00", "2026-07-01 19:00", [("sv", "twin-event", 16), ("sv", "twin-event", 16)]),
        ("::: events", "::: events\n- 2026-07-01 18:00 | Fest\n:::\n\n::: events", [("sv", "twin-blocks", 20)]),
        ("- 2026-07-02 | Fair\n", "", [("sv", "twin-event", 16)]),
        ("send_at: 2026-06-10", "send_at: 2026-06-11", [("sv", "twin-field", 4)]),
        ("list: monthly\nsend_at: 2026-06-10T09:00\n", "", []),
        ('/sv/choir"}', '/en/choir" lang="en"}', [("sv", "twin-untranslated", 12)]),
        ("subject: Juni", "subject: Juni\nsubject_b: Sommar", [("sv", "twin-field", 3)]),
        ('/sv/choir"}', '/sv/choir" sponsor="Kajen AB"}', [("sv", "twin-sponsor", 12)]),
        ("Hello", '::: quote {by="Bo"}\nSå är det.\n:::', [("sv", "twin-blocks", 6)]),
        ("::: events\n- 2026-07-01 18:00 | Party\n- 2026-07-02 | Fair\n:::\n", "", [("sv", "twin-blocks", 12)]),
    ],
)
def test_what_is_out_of_step_is_told_at_its_place(old, new, wanted):
    assert old in SWEDISH
    assert found(SWEDISH.replace(old, new)) == wanted


@pytest.mark.parametrize(
    ("pool", "told"),
    [
        (POOL, "“Kören” is translated into Swedish by now"),
        (pair("kelp"), "this article is not translated into Swedish; readers are told so"),
    ],
)
def test_a_translation_that_came_since_is_told_of(pool, told):
    marked = SWEDISH.replace('/sv/choir"}', '/en/choir" lang="en"}')
    both = [issue.parse(text, slug="x", language=code) for code, text in (("en", ENGLISH), ("sv", marked))]
    [found] = [one for _, one in twins.findings(both, pool) if one.id == "twin-untranslated"]
    assert found.message == told


def test_blocks_are_told_by_how_many_less_or_more():
    both = [
        issue.parse(text, slug="x", language=code, path=f"issue.{code}.md", zone=UTC)
        for code, text in (
            ("en", ENGLISH.replace("Hello", '::: quote {by="Bo"}\nHi.\n:::\n\n::: brief\nNote.\n:::')),
            ("sv", SWEDISH + "\n::: story\n## Ny\nOrd.\n:::\n" * 2),
        )
    ]
    [told] = [one.message for _, one in twins.findings(both, POOL) if one.id == "twin-blocks"]
    assert told == "1 × brief, 1 × quote less and 2 × story more than in issue.en.md, articles of the pool aside"


def test_a_subject_that_is_compared_in_the_first_alone_is_told_at_the_subject_of_the_other():
    english = ENGLISH.replace("subject: June", "subject: June\nsubject_b: Summer")
    assert found(SWEDISH, english) == [("sv", "twin-field", 2)]
    swedish = SWEDISH.replace("subject: Juni", "subject: Juni\nsubject_b: Sommar\ntry: 20")
    assert found(swedish, english) == [("sv", "twin-field", 4)]
    assert found(swedish, english.replace("subject_b: Summer", "subject_b: Summer\ntry: 20")) == []


def test_a_twin_of_prose_alone_may_say_less():
    prose = SWEDISH[: SWEDISH.index("::: lead")]
    untold = ENGLISH.replace("/en/", "/other/")
    assert found(prose, untold) == []


def test_another_order_is_told():
    first, second = (f'src="{BASE}/sv/{name}"' for name in ("kelp", "choir"))
    swapped = SWEDISH.replace(first, "X").replace(second, first).replace("X", second)
    assert found(swapped) == [("sv", "twin-order", 12)]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (("when", "Early", "Late"), []),
        (("when", "Early", "Late", "Never"), [("sv", "twin-question", 6)]),
        (("where", "Early", "Late"), [("sv", "twin-question", 6), ("sv", "twin-question", 21)]),
    ],
)
def test_questions_whose_answers_cannot_be_counted_together_are_told(asked, wanted):
    def asking(text: str, name: str, *answers: str) -> str:
        rows = "\n".join(f"- {each}" for each in answers)
        return text.replace("Hello\n", f'::: question {{name="{name}"}}\nWell?\n\n{rows}\n:::\n')

    told = found(asking(SWEDISH, *asked), asking(ENGLISH, "when", "Early", "Late"))
    assert [one for one in told if one[1] == "twin-question"] == wanted
