"""Laws of the files that explain who writes: a short name becomes the writer's, and every other stays."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.files import articlefile
from newsletter.model import Source

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SOURCE = Source("notes", "folder", "notes")
PEOPLE = "  aholm:\n    name: Anna Holm\n    avatar: a.png\n  bek:\n    name: Bo Ek\n"


def written(folder: Path, authors: str) -> str:
    """Return by whom the article of a file in *folder* is that names its *authors*."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "eels.md"
    file.write_text(f"---\ntitle: Eels\nauthors: {authors}\n---\n\nThe eels came back to the harbour.\n")
    [item] = articlefile.read(file, SOURCE, NOW)
    return item.author


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("blog/.authors.yml", f"authors:\n{PEOPLE}"),
        ("blog/authors.yml", PEOPLE.replace("\n  ", "\n")[2:]),
        ("_data/authors.yml", "aholm: Anna Holm\nbek: Bo Ek\n"),
    ],
    ids=["mkdocs", "docusaurus", "jekyll"],
)
def test_a_short_name_is_its_writers(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    posts = tmp_path / "blog" / "posts"
    assert written(posts, "[aholm, bek]") == "Anna Holm, Bo Ek"
    assert written(posts, "[aholm, Cilla Ask]") == "Anna Holm, Cilla Ask"
    assert written(posts, "[aholm, dora]") == "Anna Holm, dora"
    assert written(posts, "Eva Gran") == "Eva Gran"


@pytest.mark.parametrize("text", ["", "[", "- a\n- b\n", "authors: 3\n", "aholm:\n  name: [1]\n", "\x00"])
def test_a_file_that_explains_nobody_does_no_harm(tmp_path: Path, text: str) -> None:
    (tmp_path / "authors.yml").write_text(text)
    assert written(tmp_path, "aholm") == "aholm"


def test_no_file_is_looked_for_far_above(tmp_path: Path) -> None:
    (tmp_path / "authors.yml").write_text("aholm: Anna Holm\n")
    assert written(tmp_path / "a/b/c/d", "aholm") == "Anna Holm"
    assert written(tmp_path / "a/b/c/d/e", "aholm") == "aholm"
