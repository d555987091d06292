"""Laws of the shelf: it gives back what this very version kept, and never stands in the way."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.files.looks.shelf import MOST, Shelf
from newsletter.files.looks.themes import load
from newsletter.rendering import inline
from newsletter.rendering.template import keep, text
from tests.samples import TEMPLATES

CSS = ".prose p { color: #123456 }"
KIND = ("prose", "<p><a href=''></a></p>")


def test_what_was_kept_is_there_for_the_next_process(tmp_path: Path) -> None:
    Shelf(tmp_path).put("one", b"first\nsecond")
    program = "import sys; from pathlib import Path; from newsletter.files.looks.shelf import Shelf; "
    program += "print(Shelf(Path(sys.argv[1])).get('one'))"
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == repr(b"first\nsecond")


def test_what_is_damaged_or_of_another_version_is_not_given(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("one", b"content")
    whole = (tmp_path / "one").read_bytes()
    (tmp_path / "one").write_bytes(whole[:-1])
    assert shelf.get("one") is None
    (tmp_path / "one").write_bytes(b"0" * 64 + whole[64:])
    assert shelf.get("one") is None
    (tmp_path / "one").write_bytes(whole)
    assert shelf.get("one") == b"content"
    assert shelf.get("another") is None


def test_it_is_its_owners_alone_and_trusts_no_folder_that_others_can_write(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "newsletter"
    Shelf(folder).put("one", b"content")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o777)
    assert Shelf(folder).get("one") is None
    Shelf(folder).put("two", b"content")
    assert [path.name for path in folder.iterdir()] == ["one"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives a folder away")
def test_it_trusts_no_folder_of_somebody_else(tmp_path: Path) -> None:
    Shelf(tmp_path).put("one", b"content")
    os.chown(tmp_path, 65534, 65534)
    assert Shelf(tmp_path).get("one") is None
    Shelf(tmp_path).put("two", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_disk_that_takes_nothing_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shelf = Shelf(tmp_path / "file")
    shelf.put("one", b"content")
    assert shelf.get("one") is None


def test_it_lets_go_of_what_was_kept_longest_ago(tmp_path: Path) -> None:
    for number in range(MOST):
        (tmp_path / f"old-{number}").touch()
        os.utime(tmp_path / f"old-{number}", (1_000_000, 1_000_000))
    shelf = Shelf(tmp_path)
    shelf.put("new", b"content")
    assert len(list(tmp_path.iterdir())) == MOST + 1 - MOST // 2
    assert shelf.get("new") == b"content"


def test_style_sheets_mean_the_same_from_the_shelf(tmp_path: Path) -> None:
    first, second = inline.Known(), inline.Known()
    first.shelf = second.shelf = Shelf(tmp_path)
    fresh = first.meant(CSS, [KIND])
    assert fresh[KIND] == ("color:#123456", "")
    assert second._shelved(CSS) == fresh
    other = ("", "<p></p>")
    assert second.meant(CSS, [other, KIND]) == {**fresh, other: ("",)}
    assert inline.Known().meant(CSS, [other, KIND]) == second.meant(CSS, [other, KIND])


def test_a_changed_template_is_compiled_anew(tmp_path: Path) -> None:
    own = tmp_path / "templates"
    (own / "letter").mkdir(parents=True)
    keep(Shelf(tmp_path / "shelf"))
    try:
        for words in ("one", "two", "one"):
            (own / "letter" / "greeting.txt").write_text(f"{words} {{{{ name }}}}", encoding="utf-8")
            assert text(load((own, *TEMPLATES), "letter", "en"), "greeting.txt", {"name": "A"}) == f"{words} A\n"
    finally:
        keep(None)
    assert [path.name[:9] for path in (tmp_path / "shelf").iterdir()] == ["template-"]
