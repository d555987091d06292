"""Laws of segments: SQL finds whom an expression means, and every fault is told with its column."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import cycle, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscribers import attribute, grammar, segment
from subscribers.address import parse as parse_address
from subscribers.errors import SegmentError
from subscribers.model import Consent, DeliveryState, MailingList, SubscriptionStatus
from subscribers.store.file.open import stamp
from subscribers.store.register import attributes, lists, people, subscriptions
from tests import blank, matching

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
LISTS = ("monthly", "weekly")
ISSUES = ("2026-04", "2026-05")
TOPICS = ("business", "Business", "å", "it's")
NAMES = ("city", "age", "vip", "företag", "since")

#: Texts that one of SQLite and Python might take for a number, a date, a truth or a pattern.
ODD = """Huddinge huddinge Åsa A Z z é 😀 \uffff it's " % _ * [a] NULL
    12 12.0 012 -3.5 -0 1e3 1. .5 --1 1-1 1.2.3 ٣ 0x1
    123456789012345 1234567890123456 0.1 0.100 true TRUE False yes 1 0 2025-01-01 2025-01-01T10:00 2025-13-45
    2025-1-1 x2025-01-01 20250101"""
TEXTS = st.sampled_from(["", *ODD.split()]) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8
)
NUMBERS = st.sampled_from([0, 1, -1, 12, 0.1, 0.1 + 0.2, 1e14, 12.0, -3.5]) | st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1), st.floats(-1e14, 1e14), st.decimals(-999, 999, places=3).map(float)
)
VALUES = TEXTS | NUMBERS | st.booleans() | st.none()
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=13)), timezone(timedelta(hours=-11))])
MINUTES = st.integers(-3000, 3000).map(lambda minutes: timedelta(minutes=minutes))
JOINED = st.builds(
    lambda day, minutes, zone: (day + minutes).astimezone(zone),
    st.sampled_from([datetime(2025, 1, 1, tzinfo=UTC), NOW]),
    MINUTES,
    ZONES,
)


@st.composite
def texts_in_quotes(draw: st.DrawFn) -> str:
    text = draw(TEXTS)
    quote = '"' if "'" in text else "'"
    return f"{quote}{text}{quote}" if quote not in text else "'x'"


def plain_number(value: float) -> str:
    return f"{value:.3f}" if value % 1 else str(int(value))


LITERALS = st.one_of(
    texts_in_quotes(),
    (st.integers(-(10**12) + 1, 10**12 - 1) | st.decimals(-999, 999, places=3).map(float)).map(plain_number),
    st.sampled_from(["12", "0.1", "0.3", "-3.5", "1", "0", "2025-01-01", "2024-12-31", "true", "FALSE"]),
)
ORDERED = LITERALS.filter(lambda text: text.lower() not in ("true", "false"))
FIELDS = (*NAMES, "CITY", "name", "language", "email")
#: What is asked of each field,
ASKED = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["=", "!=", "=="]), LITERALS),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), ORDERED),
    st.builds("{} ({}, {})".format, st.sampled_from(["in", "not in"]), LITERALS, LITERALS),
    st.builds("{} ({}, {})".format, st.sampled_from(["in", "not in"]), texts_in_quotes(), texts_in_quotes()),
    st.sampled_from(["is set", "is not set"]),
)
#: and what is asked besides.
BESIDES = st.one_of(
    st.builds(
        "joined {} {}".format,
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        st.sampled_from(["2024-12-31", "2025-01-01", "'2025-01-02'"]),
    ),
    st.builds("{} within {} days".format, st.sampled_from(["joined", "clicked"]), st.integers(0, 5)),
    st.builds(
        "{} in {}".format,
        st.sampled_from(["confirmed", "pending", "unsubscribed"]),
        st.sampled_from(["'monthly'", "('weekly', 'monthly')", "'nowhere'"]),
    ),
    st.builds("received '{}'".format, st.sampled_from([*ISSUES, "2020-01"])),
    st.builds('"{}" {} topics'.format, st.sampled_from(TOPICS), st.sampled_from(["in", "not in"])),
)
PEOPLE = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "language": st.sampled_from(["", "sv", "en", "SV"]),
        "joined": JOINED,
        "attributes": st.dictionaries(st.sampled_from(NAMES), VALUES),
        "topics": st.sets(st.sampled_from(TOPICS)),
        "lists": st.dictionaries(st.sampled_from(LISTS), st.sampled_from(SubscriptionStatus)),
        "clicked": st.lists(JOINED, max_size=3),
        "received": st.dictionaries(st.sampled_from(ISSUES), st.sampled_from(DeliveryState)),
    }
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    connection = blank.people(tmp_path_factory.mktemp("people") / "people.db")
    lists.ensure(connection, [MailingList(slug, slug) for slug in LISTS])
    for name in NAMES:
        attributes.note(connection, [name])
        if name != "age":
            attributes.index(connection, segment.parse(f"{name} is set"))
    for issue in ISSUES:
        connection.execute(
            """INSERT INTO sends (issue, list, rule, state, content, created)
               VALUES (?, 'monthly', '', 'done', '', ?)""",
            (issue, stamp(NOW)),
        )
    connection.execute("INSERT INTO links VALUES ('link', 1, 'en', 1, '', '')")
    yield connection
    connection.close()


def settle(store: sqlite3.Connection, number: int, drawn: dict) -> int:
    typed = parse_address(f"Reader{number}@example.org")
    own = people.add(
        store,
        typed,
        drawn["joined"],
        name=drawn["name"],
        language=drawn["language"],
        attributes=drawn["attributes"],
        topics=drawn["topics"],
    ).id
    for slug, status in drawn["lists"].items():
        subscriptions.change(store, Consent(own, slug, "import", NOW, "test", ""), status)
    # The first link is a reader's; a scanner, and a picture, are no click.
    for at, link, scanner in zip(drawn["clicked"], ("link", "link", None), (0, 1, 0), strict=False):
        store.execute(
            "INSERT INTO footprints (subscriber_id, send_id, link_id, at, scanner) VALUES (?, 1, ?, ?, ?)",
            (own, link, stamp(at), scanner),
        )
    for issue, state in drawn["received"].items():
        store.execute(
            """INSERT INTO deliveries (send_id, subscriber_id, variant, state, updated)
               SELECT id, ?, 'en', ?, '' FROM sends WHERE issue = ?""",
            (own, state.value, issue),
        )
    return own


def found(store: sqlite3.Connection, tree: segment.Expression) -> set[int]:
    """Return whom SQL finds: by the columns of attributes and without them, which must agree."""
    placed, plain = (
        {row[0] for row in store.execute(f"SELECT s.id FROM subscribers s WHERE {where.sql}", dict(where.values))}
        for where in (segment.where(attributes.place(store, tree), NOW), segment.where(tree, NOW))
    )
    assert placed == plain
    return placed


def questions(asked: list[str], besides: list[str]) -> list[str]:
    """Return what is asked of each field, what is asked besides, and what two that follow each other make."""
    tests = [test for suffix in asked for test in (*(f"{field} {suffix}" for field in FIELDS), *besides)]
    ways = cycle(("{0} and not {1}", "not ({0} or not {1})", "{1} OR {0} AND not {1}", "not {0} and not ({1})"))
    return tests + [way.format(*pair) for way, pair in zip(ways, pairwise(tests), strict=False)]


# To draw takes longer than to ask: so what is drawn is asked of everything. 5,000 questions, asked three ways.
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(
    st.lists(PEOPLE, min_size=1, max_size=8),
    st.lists(ASKED, min_size=5, max_size=5),
    st.lists(BESIDES, min_size=2, max_size=2),
)
def test_python_and_sql_find_the_same_people(
    store: sqlite3.Connection, crowd: list, asked: list, besides: list
) -> None:
    store.execute("BEGIN")
    try:
        for number, drawn in enumerate(crowd):
            settle(store, number, drawn)
        persons = {one.id: matching.person(store, one) for one in people.select(store)}
        for text in questions(asked, besides):
            tree = segment.parse(text)
            assert found(store, tree) == {
                own for own, one in persons.items() if matching.matches(tree, one, NOW)
            }, text
    finally:
        store.execute("ROLLBACK")


def test_every_odd_value_compares_alike_with_every_odd_literal(store: sqlite3.Connection) -> None:
    values = ["", *ODD.split(), 0, 1, -1, 12, 12.0, 0.1, 1000, -3.5, True, False, None, "0.30000000000000004"]
    literals = [f"'{text}'" for text in ODD.split() if "'" not in text] + ["'READER3@example.org'", "'Å'", "''"]
    numbers = [
        "0",
        "1",
        "-1",
        "12",
        "12.5",
        "-3.5",
        "0.1",
        "1000",
        "1.2",
        "-0",
        "2025",
        "123456789012",
        "2025-01-01",
    ]
    tests = [f"{sign} {literal}" for sign in ("=", "<", "<=", ">", ">=") for literal in literals + numbers]
    tests += [
        "= true",
        "= false",
        "is set",
        "in ('12', 12, true)",
        "in ('12', 'Huddinge')",
        "not in ('', 'a', 'Z')",
    ]
    tests += ["= 'Z' or city < 'A'", "= '12' or name = '12'", "= '12' or city is set", "= '12' or city = 12"]
    store.execute("BEGIN")
    for number, value in enumerate(values):
        name = value if isinstance(value, str) else ""
        people.add(store, parse_address(f"Reader{number}@example.org"), NOW, name=name, attributes={"city": value})
    persons = {one.id: matching.person(store, one) for one in people.select(store)}
    for text in [f"{field} {test}" for field in ("city", "name", "email") for test in tests]:
        tree = segment.parse(text)
        assert found(store, tree) == {own for own, one in persons.items() if matching.matches(tree, one, NOW)}, (
            text
        )
    store.execute("ROLLBACK")


def person(**attributes: attribute.Plain) -> matching.Person:
    return matching.Person(
        email="anna@example.org",
        joined=datetime(2025, 3, 1, tzinfo=UTC),
        name="Anna",
        language="sv",
        attributes=attributes,
        topics=frozenset({"business"}),
        lists={"monthly": SubscriptionStatus.CONFIRMED},
        received=frozenset({"2026-05"}),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("confirmed in 'monthly' and language = 'sv' and ('x' in topics or city in ('Huddinge', 'Solna'))", True),
        ("joined < 2025-01-01 and not received '2026-05'", False),
        ("joined >= 2025-03-01 and joined <= '2025-03-01'", True),
        ('received "2026-05"', True),
        ("day = 'mon' and days < 5 and within is not set", True),
        ("city != 'Solna'", True),
        ("missing != 'Solna'", True),
        ("missing = 'Solna' or missing < 'Z'", False),
        ("missing is not set and city is set", True),
        ("age = 12 and age >= 11.5 and not age < 12", True),
        ("age = '12'", True),
        ("age = '12.0'", False),
        ("vip = true and vip != false", True),
        ("City = 'Huddinge' AND NOT City = 'huddinge'", True),
        ("not language = 'sv' or language = 'sv' and name = 'Anna'", True),
        ("email = 'Anna@Example.org'", True),
        ("'business' not in topics", False),
        ("since > 2024-12-31", True),
        ("företag = 'Ålaboratoriet'", True),
        ("city in (“Huddinge”, ‘Solna’) and language = ”sv”", True),
        ("city = „Huddinge“ and city != “it's”", True),
    ],
)
def test_an_expression_means_what_it_says(text: str, expected: bool) -> None:
    someone = person(
        city="Huddinge", age="12", vip=True, day="mon", days="3", since="2025-01-01", företag="Ålaboratoriet"
    )
    assert matching.matches(segment.parse(text), someone, NOW) is expected


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "empty"),
        ("   ", 4, "empty"),
        ("city = Solna", 8, "put texts in quotes: 'Solna'"),
        ("citty = 'Huddinge'", 1, "did you mean city? known names: city"),
        ("confirmed in 'montly'", 14, "did you mean monthly? known lists: monthly"),
        ("opened within 90 days", 1, "opened is not recorded"),
        ("joined within many days", 15, "number of days"),
        ("joined within 5 parsecs", 17, "'days'"),
        ("joined within 2 weeks", 17, "write joined within 14 days"),
        ("joined > yesterday", 10, "a day such as 2025-01-31, or joined within 30 days"),
        ("joined > 03/04/2024", 12, "no date; write it as 2025-01-31"),
        ("city > 1.000,5", 13, "a number has a point: 1000.5"),
        ("tags = 'press'", 1, "'business' in topics"),
        ("(city = 'a'", 12, "“)”"),
        ("city = 'a' language = 'sv'", 12, "`and` or `or`"),
        ("city = 'a' and", 15, "condition"),
        ("city = 'a", 8, "close it with '"),
        ("city in ('a' 'b')", 14, "commas"),
        ("city", 5, "comparison"),
        ("city is", 8, "“set”"),
        ("city ~ 'a'", 6, "“~”"),
        ("city = “a", 8, "close it with ”"),
        ("city = 'a' && city = 'b'", 12, "`and` or `or`"),
        ("status = 'confirmed'", 1, "confirmed in 'monthly'"),
        ("recieved '2025-05'", 1, "write received '2025-05'"),
        ("language = 'sv' and not opened", 25, "clicked within 90 days"),
        ("city < true", 8, "no order"),
        ("joined > 'yesterday'", 10, "no date"),
        ("joined > 2025-02-30", 10, "no date"),
        ("'x' in themes", 8, "“topics”"),
        ("business in topics", 1, "write it in quotes: 'business' in topics"),
        ("city = 'a' and business not in topics", 16, "write it in quotes: 'business' in topics"),
        ("city in 'a', 'b'", 12, "several values stand in parentheses"),
        ("city > 1 000", 10, "a number has no spaces: 1000"),
        ("topics = 'x'", 1, "'business' in topics"),
        ("received", 9, "the issue"),
        ("city = 1234567890123", 8, "no number"),
        ("city = '\x00'", 1, "broken character"),
        ("city = 'a'; DROP TABLE subscribers", 11, "“;”"),
        ("x" * 3000, 1, "at most 2,000"),
        ("(" * 500 + "city = 'a'" + ")" * 500, 32, "too deeply"),
        ("not " * 400 + "city = 'a'", 125, "too deeply"),
    ],
)
def test_a_fault_is_told_with_its_column_and_what_to_do(text: str, column: int, words: str) -> None:
    with pytest.raises(SegmentError) as caught:
        segment.parse(text, frozenset({"city"}), frozenset({"monthly"}))
    assert caught.value.column == column
    assert words in str(caught.value)
    assert str(caught.value).splitlines()[-1] == " " * (column + 1) + "^"


@settings(max_examples=500)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["(", ")", "not", "a", "=", "'x'", "1", "in", "and", ",", "is", "\n"])).map(
        " ".join
    )
)
def test_any_text_is_an_expression_or_a_segment_error(text: str) -> None:
    try:
        tree = segment.parse(text)
    except SegmentError:
        return
    assert matching.matches(tree, person(), NOW) in (True, False)


def test_the_longest_and_deepest_expressions_run_in_both(store: sqlite3.Connection) -> None:
    chain = " or ".join(["a=1"] * (grammar.LONGEST // 7))
    nested = "(" * 15 + "not " * 15 + "a=1" + ")" * 15
    for text in (chain, nested, "a in (" + ",".join("1" * 900) + ")"):
        tree = segment.parse(text)
        assert not matching.matches(tree, person(), NOW) or "not" in text
        people.count(store, segment.where(tree, NOW))


@pytest.mark.parametrize(
    "payload", ["' OR 1=1 --", '"; DROP TABLE subscribers; --', "{}", ":seg_0", "?1", "x') OR ('1'='1'"]
)
def test_no_value_ever_stands_in_the_sql(payload: str) -> None:
    quote = "'" if '"' in payload else '"'
    tree = segment.parse(f"city = {quote}{payload}{quote} and {quote}{payload}{quote} in topics")
    where = segment.where(tree, NOW)
    harmless = segment.where(segment.parse("city = 'x' and 'x' in topics"), NOW)
    assert where.sql == harmless.sql
    assert payload in where.values.values()
