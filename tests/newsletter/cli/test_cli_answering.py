"""What tables say of the letter's own fields is taken as readers answer them."""

import json

import pytest

from tests.roll import caller, quay

FIELD = """
[[field]]
slug = "sector"
title = {en = "Sector", sv = "Bransch"}
choices = {en = ["Care", "Trade"], sv = ["Vård", "Handel"]}
"""


@pytest.fixture
def run(tmp_path, capfd):
    workspace = quay(tmp_path)
    settings = workspace.root / "newsletter.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + FIELD, encoding="utf-8")
    return caller(workspace.root, capfd)


def kept(run) -> dict[str, object]:
    """Return what is kept of people's sector, by their address."""
    rows = run("subscribers", "export").splitlines()
    place = rows[0].split(",").index("sector")
    return {row.split(",")[0]: row.split(",")[place] for row in rows[1:]}


def test_a_column_with_the_title_of_a_field_holds_that_field_and_its_choices(run, tmp_path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text(
        "email;Bransch\na@example.org;vård\nb@example.org;Trade\nc@example.org;Fishing\nd@example.org;\n"
    )
    words = ("subscribers", "import", str(file), "--list", "monthly")
    said = run(*words)
    assert "Bransch = sector" in said
    assert "No choice of “Sector”, but kept: “Fishing” (1 answer). Its choices are: Care, Trade." in said
    expected = {"a@example.org": "Care", "b@example.org": "Trade", "c@example.org": "Fishing", "d@example.org": ""}
    assert kept(run) == expected
    assert json.loads(run(*words, "--json"))["unchanged"] == 4


def test_what_an_editor_maps_stays_what_they_call_it(run, tmp_path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("email;Bransch;Sector\na@example.org;Fisk;Vård\n", encoding="utf-8")
    run("subscribers", "import", str(file), "--list", "monthly", "--map", "Bransch=bransch")
    person = json.loads(run("subscribers", "export", "a@example.org"))
    assert (person["attributes"]["bransch"], person["attributes"]["sector"]) == ("Fisk", "Care")


def test_one_person_is_added_with_a_choice_in_any_language(run) -> None:
    add = ("subscribers", "add", "a@example.org", "--list", "monthly", "--set")
    assert "No choice" not in run(*add, "sector=handel")
    assert kept(run) == {"a@example.org": "Trade"}
    assert "No choice of “Sector”, but kept: “Fishing”" in run(*add, "sector=Fishing")
