"""Signing up by program: strict JSON, as its OpenAPI description says, tried by a client that reads only that."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.webserver import FIELDS, MORE, SETTINGS, World, serving

#: Everything that the client can look at, but the answer that a caller without rights should get: there are none.
FUZZ = ("--checks", "all", "--exclude-checks", "ignored_auth", "--max-examples", "40", "--seed", "7")


@pytest.mark.parametrize("rest", [MORE + FIELDS, ""], ids=["several lists, and fields", "one list"])
def test_every_call_that_the_description_allows_or_forbids_is_answered_as_it_says(
    tmp_path: Path, rest: str
) -> None:
    with serving(tmp_path, SETTINGS + rest) as world:
        program = Path(sys.executable).with_name("schemathesis")
        command = [program, "run", f"{world.url}/openapi.json", "--url", world.url, "--no-color", *FUZZ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:]
    assert world.said == []


def test_a_signup_by_program_is_a_signup(world: World) -> None:
    document = {
        "email": "a@example.org",
        "name": "Anna",
        "language": "sv",
        "lists": ["events"],
        "topics": ["fish"],
    }
    answer = world.client.post("/subscribe", json=document)
    assert (answer.status_code, list(answer.json())) == (202, ["message"])
    assert [(row["kind"], row["language"]) for row in world.rows("mails")] == [("confirm", "sv")]
    assert [row["source"] for row in world.rows("consents")] == ["signup json"]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"lists": ["monthly"]}, "email"),
        ({"email": "a@example.org", "lists": ["secret"]}, "lists"),
        ({"email": "a@example.org", "lists": []}, "list"),
        ({"email": "a@example.org", "lists": ["monthly"], "name": 5}, "name"),
        ({"email": "a@example.org", "lists": ["monthly"], "language": "xx"}, "language"),
        ({"email": "a@example.org", "lists": ["monthly"], "admin": "yes"}, "admin"),
        ({"email": "a@example.org", "lists": "monthly"}, "lists"),
    ],
)
def test_what_is_wrong_is_told_by_field(world: World, document: dict[str, object], field: str) -> None:
    answer = world.client.post("/subscribe", json=document)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]
    assert world.rows("subscribers") == []


def test_a_full_disk_is_told_to_the_program_and_to_the_operator(world: World) -> None:
    pages = world.site.writer.submit(lambda base: base.execute("PRAGMA page_count").fetchone()[0]).result(10)
    world.site.writer.submit(lambda base: base.execute(f"PRAGMA max_page_count = {pages}").fetchone()).result(10)
    many = [f"{'a' * 40}{number}@example.org" for number in range(200)]
    answers = [world.client.post("/subscribe", json={"email": email, "lists": ["monthly"]}) for email in many]
    assert {answer.status_code for answer in answers} == {202, 503}
    last = answers[-1]
    assert (last.status_code, last.headers["retry-after"], last.json()["error"]["code"]) == (503, "60", "503")
    assert "disk is full" in world.said[0]
    assert "example.org" not in "".join(world.said)
    taken = [email for email, answer in zip(many, answers, strict=True) if answer.status_code == 202]
    assert [row["email"] for row in world.rows("subscribers")] == taken


def test_a_fault_of_ours_is_json_with_the_headers_that_protect_it(world: World) -> None:
    world.site.writer.submit(lambda base: base.execute("ALTER TABLE hits RENAME TO gone")).result(10)
    answer = world.client.post("/subscribe", json={"email": "a@example.org", "lists": ["monthly"]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "500")
    assert answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_kind_of_a_body_may_be_written_in_any_way(world: World) -> None:
    body = b'{"email": "a@example.org", "lists": ["monthly"]}'
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"):
        headers = {"Content-Type": kind, "Accept-Language": "sv"}
        assert world.client.post("/subscribe", content=body, headers=headers).status_code == 202
    assert [row["language"] for row in world.rows("subscribers")] == ["sv"]


def test_json_without_end_is_refused_and_is_no_fault(world: World) -> None:
    answer = world.client.post("/subscribe", content=b"[" * 60_000, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert world.said == []
