"""The gate counts over every reader: empty fields, nobody, suddenly many fewer. Real people in a real file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter import personal
from newsletter.cli import wiring
from newsletter.cli.look import gating
from newsletter.files.workspace import Workspace
from subscribers import address
from subscribers.model import Consent, SubscriptionStatus
from subscribers.store.file.open import transaction
from subscribers.store.ledger import sends
from subscribers.store.register import attributes, people, subscriptions
from tests.letters import PUBLIC

NOW = datetime(2025, 6, 1, tzinfo=UTC)
ISSUE = """---
subject: June by the harbour
preheader: A new pier, forty boats, and a summer party on the quay
list: monthly
---
Dear {{ name or "reader" }}, the pier in {{ city }} is open, and forty boats came.

::: prose {segment="sailors"}
Your boat {{ boat }} has a berth.
:::
"""


@pytest.fixture
def letter(tmp_path: Path) -> Workspace:
    """Return a workspace with an issue that asks for a city of everybody, and for a boat of sailors."""
    (tmp_path / "newsletter.toml").write_text(PUBLIC, encoding="utf-8")
    folder = tmp_path / "issues" / "2025-06"
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(ISSUE, encoding="utf-8")
    (tmp_path / "subscribers").mkdir()
    (tmp_path / "subscribers" / "segments.toml").write_text('sailors = "sails = true"\n', encoding="utf-8")
    return Workspace(tmp_path)


def join(letter: Workspace, number: int, called: str = "", language: str = "en", **values: object) -> None:
    with transaction(connection := wiring.opened(letter)):
        attributes.note(connection, values)
        one = people.add(
            connection,
            address.parse(f"reader{number}@tidvatten.se"),
            NOW,
            name=called,
            language=language,
            attributes=values,
        )
        consent = Consent(one.id, "monthly", "import", NOW, "test", "")
        subscriptions.change(connection, consent, SubscriptionStatus.CONFIRMED)
    connection.close()


def found(letter: Workspace) -> dict[str, tuple[str, str, str]]:
    return {one.id: (one.level.value, one.place, one.message) for one in gating.findings(letter, "2025-06")}


def test_before_the_first_reader_nothing_is_said_of_the_audience(letter):
    assert {"audience-nobody", "field-empty", "field-unknown"}.isdisjoint(found(letter))


def test_a_field_that_is_empty_for_one_reader_is_an_error_on_its_line(letter):
    join(letter, 1, city="Harbour", sails=True, boat="Anna")
    join(letter, 2, city="  ", sails=False)
    join(letter, 3, city="Quay", sails=True)
    told = gating.findings(letter, "2025-06")
    empty = {one.message.split()[2]: one for one in told if one.id == "field-empty"}
    assert set(empty) == {"city", "boat"}
    assert "1 of 3 readers" in empty["city"].message
    # Who does not sail is not shown the boat, and does not count.
    assert "1 of 3 readers" in empty["boat"].message
    assert empty["city"].place == "issues/2025-06/issue.md:6"
    assert empty["boat"].place == "issues/2025-06/issue.md:9"
    assert {one.level.value for one in empty.values()} == {"error"}


def test_a_field_that_everybody_has_is_none(letter):
    join(letter, 1, city="Harbour", sails=True, boat="Anna")
    assert "field-empty" not in found(letter)


def test_a_field_that_nobody_has_is_told_with_the_one_that_is_meant(letter):
    join(letter, 1, city="Harbour", sails=True, boat="Anna")
    path = letter.root / "issues" / "2025-06" / "issue.md"
    path.write_text(ISSUE.replace("{{ city }}", '{{ citty or "town" }}'), encoding="utf-8")
    level, place, _ = found(letter)["field-unknown"]
    assert (level, place) == ("warning", "issues/2025-06/issue.md:6")
    remedies = [one.remedy for one in gating.findings(letter, "2025-06") if one.id == "field-unknown"]
    assert remedies == ["did you mean city?"]


def test_a_condition_on_a_field_that_nobody_has_is_told_once_with_its_line(letter):
    join(letter, 1, city="Harbour", sails=True, boat="Anna")
    path = letter.root / "issues" / "2025-06" / "issue.md"
    path.write_text(ISSUE.replace("{{ city }}", "{% if not pier %}the town{% endif %}"), encoding="utf-8")
    unknown = [one for one in gating.findings(letter, "2025-06") if one.id == "field-unknown"]
    assert [one.place for one in unknown] == ["issues/2025-06/issue.md:6"]
    assert "a field pier" in unknown[0].message


def test_a_first_name_is_taken_from_the_name_where_it_is_no_attribute(letter):
    join(letter, 1, "Anna Berg", sails=False, city="Harbour")
    join(letter, 2, "Dr. Bo Öst", sails=False, city="Quay", first_name="Bosse")
    join(letter, 3, "", sails=False, city="Quay", first_name="Cilla")
    path = letter.root / "issues" / "2025-06" / "issue.md"
    path.write_text(ISSUE.replace('{{ name or "reader" }}', "{{ first_name }}"), encoding="utf-8")
    assert "field-empty" not in found(letter)
    assert not [
        one
        for one in gating.findings(letter, "2025-06")
        if "field first_name" in one.message and one.id == "field-unknown"
    ]
    join(letter, 4, " ", sails=False, city="Quay", first_name="  ")
    assert found(letter)["field-empty"][2].startswith("the field first_name is empty for 1 of 4 readers")
    with wiring.people(letter) as connection:
        known = [people.by_address(connection, f"reader{number}@tidvatten.se") for number in (1, 2, 3, 4)]
    values = [personal.values(one.name, one.address.typed, one.language, one.attributes) for one in known]
    assert [each.get("first_name", "").strip() for each in values] == ["Anna", "Bosse", "Cilla", ""]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Anna Berg", "Anna"),
        ("Lars-Erik Öst", "Lars-Erik"),
        ("Berg, Anna Karin", "Anna"),
        ("Prof. Malin Lindberg", "Malin"),
        ("Åsa", "Åsa"),
        ("Berg,", "Berg"),
        ("Dr.", ""),
        ("", ""),
    ],
)
def test_a_first_name_is_the_first_word_that_is_no_title(name, first):
    assert personal.first(name) == first


def test_a_database_that_cannot_be_read_is_a_finding_beside_the_others(letter):
    join(letter, 1, city="Harbour", sails=False)
    letter.people.write_bytes(b"no database at all " * 400)
    told = found(letter)
    level, place, what = told["audience-unreadable"]
    assert (level, place) == ("error", str(letter.people))
    assert "not a database" in what
    assert "field-without-fallback" in told


def test_nobody_is_an_error_in_public(letter):
    join(letter, 1, city="Harbour", sails=False)
    path = letter.root / "issues" / "2025-06" / "issue.md"
    path.write_text(ISSUE.replace("list: monthly", 'list: monthly\naudience: city = "Quay"'), encoding="utf-8")
    level, place, _ = found(letter)["audience-nobody"]
    assert (level, place) == ("error", "issues/2025-06/issue.md:5")


def test_readers_for_whose_language_there_is_no_twin_are_told(letter):
    settings = letter.root / "newsletter.toml"
    settings.write_text(PUBLIC.replace("[letter]", '[letter]\nlanguages = ["en", "sv"]'), encoding="utf-8")
    join(letter, 1, city="Harbour", sails=False)
    assert "twin-missing" not in found(letter), "nobody reads Swedish"
    for number in (2, 3):
        join(letter, number, language="sv-FI", city="Harbour", sails=number == 3)
    level, place, what = found(letter)["twin-missing"]
    assert (level, place) == ("warning", "issues/2025-06/issue.md:1")
    assert what == "2 of 3 readers read Swedish, and get it in English; they are told so"
    twin = letter.root / "issues" / "2025-06" / "issue.sv.md"
    for text in (ISSUE, "no issue yet"):
        twin.write_text(text, encoding="utf-8")
        assert "twin-missing" not in found(letter)


def test_an_audience_that_shrinks_is_told(letter):
    for number in range(30):
        join(letter, number, city="Harbour", sails=False)
    connection = wiring.opened(letter)
    with transaction(connection):
        connection.execute(
            """INSERT INTO sends (issue, list, rule, state, content, created, due, started)
               VALUES ('2025-05', 'monthly', '{}', 'done', '', '2025-05-01', '2025-05-01', '2025-05-01')"""
        )
        connection.executemany(
            "INSERT INTO deliveries (send_id, subscriber_id, variant, updated) VALUES (1, ?, 'en', '2025-05-01')",
            [(number,) for number in range(1, 51)],
        )
    connection.close()
    level, _, message = found(letter)["audience-size"]
    assert level == "warning"
    assert "40% fewer than 2025-05 (50)" in message


def test_an_issue_that_went_to_a_segment_and_then_to_the_others_counts_as_one(letter):
    for number in range(30):
        join(letter, number, city="Harbour", sails=False)
    connection = wiring.opened(letter)
    with transaction(connection):
        connection.executemany(
            """INSERT INTO sends (issue, list, rule, state, content, created, due, started)
               VALUES (?, 'monthly', ?, ?, '', '2025-05-01', '2025-05-01', '2025-05-01')""",
            [
                ("2025-05", "{}", "cancelled"),
                ("2025-05", '{"segment": ""}', "done"),
                ("2025-05-correction", '{"segment": "received \'2025-05\'"}', "done"),
            ],
        )
        connection.executemany(
            """INSERT INTO deliveries (send_id, subscriber_id, variant, state, updated)
               VALUES (?, ?, 'en', ?, '2025-05-01')""",
            [
                *((1, number, "accepted") for number in range(1, 21)),
                *((1, number, "cancelled") for number in range(21, 51)),
                *((2, number, "accepted") for number in range(21, 51)),
                *((3, number, "accepted") for number in range(1, 21)),
            ],
        )
    connection.close()
    told = [one for one in gating.findings(letter, "2025-06") if one.id == "audience-size"]
    assert [one.message for one in told] == ["30 readers would get this, 40% fewer than 2025-05 (50)"]


def test_levels_change_with_a_reason_only(letter):
    settings = letter.root / "newsletter.toml"
    quiet = '\n[gate.levels]\nfield-without-fallback = {level = "off", reason = "we know everybody"}\n'
    settings.write_text(PUBLIC + quiet, encoding="utf-8")
    assert "field-without-fallback" not in found(Workspace(letter.root))
    settings.write_text(PUBLIC + quiet.replace("off", "error"), encoding="utf-8")
    assert found(Workspace(letter.root))["field-without-fallback"][0] == "error"
    for broken, words in (
        (quiet.replace(', reason = "we know everybody"', ""), "without a reason"),
        (quiet.replace("off", "quiet"), "cannot be “quiet”"),
        (quiet.replace("field-without", "feild-without"), "did you mean field-without-fallback?"),
        ('\n[gate]\nclients = ["outlok"]\n', "did you mean outlook?"),
    ):
        settings.write_text(PUBLIC + broken, encoding="utf-8")
        with pytest.raises(Exception, match=r"newsletter\.toml") as told:
            gating.findings(Workspace(letter.root), "2025-06")
        assert words in str(told.value)
        if "clients" not in broken:
            assert f":{len((PUBLIC + broken).splitlines())}" in str(told.value)


def test_a_time_to_send_that_is_over_is_told_until_a_send_is_begun(letter):
    join(letter, 1, city="Harbour", sails=True, boat="Anna")
    path = letter.root / "issues" / "2025-06" / "issue.md"
    path.write_text(
        ISSUE.replace("list: monthly\n", "list: monthly\nsend_at: 2025-06-02T09:00\n"), encoding="utf-8"
    )
    level, place, what = found(letter)["send-at-over"]
    assert (level, place) == ("warning", "issues/2025-06/issue.md:5")
    assert "2025-06-02 09:00" in what
    with transaction(connection := wiring.opened(letter)):
        sends.create(
            connection, issue="2025-06", list="monthly", rule="", content="", variants={}, now=NOW, due=NOW
        )
    connection.close()
    assert "send-at-over" not in found(letter)
