"""Laws of `newsletter render`: every variant is written, its pictures beside it, and nothing from elsewhere."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newsletter.cli.look.rendering import combinations
from newsletter.cli.main import cli
from newsletter.errors import NotFoundError
from tests import blank
from tests.samples import ROOT


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Return a new workspace with the sample of every block in it."""
    workspace = blank.letter(tmp_path / "letter", "The month around the bay")
    source = ROOT / "issues" / "0002-everything"
    target = workspace.root / "issues" / "2025-11"
    (target / "assets").mkdir(parents=True)
    for path in source.rglob("*"):
        if path.is_file():
            (target / path.relative_to(source)).write_bytes(path.read_bytes())
    return workspace.root


def run(letter: Path, *arguments: str) -> str:
    done = CliRunner().invoke(
        cli, ["--workspace", str(letter), "render", *arguments], catch_exceptions=False, standalone_mode=False
    )
    assert not done.exception, done.exception
    return done.stdout


def test_every_variant_and_its_pictures_are_written(letter: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = json.loads(run(letter, "2025-11", "--out", str(out), "--json"))
    names = {"2025-11.en", "2025-11.en+research", "2025-11.sv", "2025-11.sv+research"}
    written = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    pictures = {f"2025-11/assets/{name}.jpg" for name in ("bridge", "greenhouse", "hearing", "sail")}
    assert written == pictures | {f"{name}.{end}" for name in names for end in ("html", "txt")}
    assert {file["language"] for file in told["files"]} == {"en", "sv"}
    html = (out / "2025-11.sv.html").read_text(encoding="utf-8")
    assert 'src="2025-11/assets/bridge.jpg"' in html
    assert "Anna Åkerlund" in html
    assert "XNL" not in html


def test_a_picture_whose_name_has_a_space_is_copied(letter: Path, tmp_path: Path) -> None:
    issue = letter / "issues" / "2025-11"
    (issue / "assets" / "sail.jpg").rename(issue / "assets" / "a sail.jpg")
    text = (issue / "issue.md").read_text(encoding="utf-8")
    (issue / "issue.md").write_text(text.replace("(assets/sail.jpg)", "(<assets/a sail.jpg>)"), encoding="utf-8")
    run(letter, "2025-11", "--out", str(tmp_path / "out"))
    assert (tmp_path / "out" / "2025-11" / "assets" / "a sail.jpg").is_file()


def test_what_leads_out_of_the_issue_is_not_copied(letter: Path, tmp_path: Path) -> None:
    issue = letter / "issues" / "2025-11"
    (tmp_path / "secret.png").write_bytes(b"secret")
    (issue / "assets" / "sail.jpg").unlink()
    (issue / "assets" / "sail.jpg").symlink_to(tmp_path / "secret.png")
    (issue / "issue.sv.md").unlink()
    with (issue / "issue.md").open("a", encoding="utf-8") as file:
        file.write("\n![up](../../newsletter.toml) ![up](assets/../../../newsletter.toml)\n")
    out = tmp_path / "out"
    run(letter, "2025-11", "--out", str(out))
    copied = {
        path.relative_to(out).as_posix() for path in out.rglob("*") if path.suffix in {".jpg", ".toml", ".png"}
    }
    assert copied == {f"2025-11/assets/{name}.jpg" for name in ("bridge", "greenhouse", "hearing")}
    assert not (tmp_path / "newsletter.toml").exists()


def test_of_what_is_linked_only_what_readers_are_given_is_copied(letter: Path, tmp_path: Path) -> None:
    issue = letter / "issues" / "2025-11"
    for name in ("programme.PDF", "readers.csv", "page.html"):
        (issue / "assets" / name).write_bytes(b"%PDF-1.7")
    with (issue / "issue.md").open("a", encoding="utf-8") as file:
        file.write(
            "\n[a](assets/programme.PDF) [b](assets/readers.csv) [c](assets/page.html) [d](assets/../issue.md)\n"
        )
    run(letter, "2025-11", "--out", str(tmp_path / "out"))
    written = {path.name for path in (tmp_path / "out" / "2025-11").rglob("*") if path.suffix != ".jpg"}
    assert written == {"assets", "programme.PDF"}


def test_a_file_where_the_folder_should_be_is_told(letter: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(click.BadParameter, match="name a folder"):
        run(letter, "2025-11", "--out", str(tmp_path / "out"))


def test_an_issue_that_is_not_there_is_told(letter: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="2031-01"):
        run(letter, "2031-01", "--out", str(tmp_path))


def test_all_combinations_of_a_few_segments_are_rendered_and_of_many_the_likely_ones() -> None:
    few = combinations(frozenset({"a", "b"}))
    assert set(few) == {frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")}
    many = combinations(frozenset("abcdefgh"))
    assert len(many) == 10
    assert frozenset("abcdefgh") in many
