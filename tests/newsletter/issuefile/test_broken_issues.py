"""Every folder of tests/data/broken is a workspace with one fault: it is found, at its place, and nothing else is.

A folder holds what differs from ``_base``, which has no fault, and ``expected.json``: the id, level and place of
the finding, and *also*, the ids that the same fault brings with it.
"""

import json
import shutil
from pathlib import Path

import pytest

from newsletter.cli.look import gating
from newsletter.files.workspace import Workspace
from newsletter.findings import GROUPS

BROKEN = Path(__file__).parents[2] / "data" / "broken"
CASES = sorted(path.parent.name for path in BROKEN.glob("*/expected.json"))


def findings(folder: Path, case: str) -> list[tuple[str, str, str]]:
    """Return id, level and place of what is found in *case*, laid over the base."""
    shutil.copytree(BROKEN / "_base", folder, dirs_exist_ok=True)
    shutil.copytree(BROKEN / case, folder, dirs_exist_ok=True)
    return [(one.id, one.level.value, one.place) for one in gating.findings(Workspace(folder), "2026-06")]


def test_there_are_more_than_fifty_faults():
    assert len(CASES) > 50
    assert all(json.loads((BROKEN / case / "expected.json").read_text())["id"] in GROUPS for case in CASES)


@pytest.mark.parametrize("theme", ["letter", "plain", "tiny"])
def test_the_base_has_no_fault(tmp_path, theme):
    shutil.copytree(BROKEN / "_base", tmp_path, dirs_exist_ok=True)
    settings = tmp_path / "newsletter.toml"
    settings.write_text(settings.read_text().replace("base_url", f'theme = "{theme}"\nbase_url'))
    assert gating.findings(Workspace(tmp_path), "2026-06") == ()


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(tmp_path, case):
    expected = json.loads((BROKEN / case / "expected.json").read_text(encoding="utf-8"))
    found = findings(tmp_path, case)
    assert (expected["id"], expected["level"], expected["place"]) in found
    assert {code for code, _, _ in found} - {expected["id"]} == set(expected["also"])


def test_a_word_on_both_sides_of_code_is_not_doubled(tmp_path):
    shutil.copytree(BROKEN / "_base", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "issues" / "2026-06" / "issue.md"
    path.write_text(path.read_text().replace("the harbour has", "write `a` and `b` and the harbour has", 1))
    assert gating.findings(Workspace(tmp_path), "2026-06") == ()


def test_a_picture_in_a_folder_of_windows_is_named_as_it_is_to_be_written(tmp_path):
    shutil.copytree(BROKEN / "_base", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "issues" / "2026-06" / "issue.md"
    path.write_text(path.read_text().replace("assets/pier.jpg", "pictures\\pier.jpg", 1))
    [remedy] = [one.remedy for one in gating.findings(Workspace(tmp_path), "2026-06") if one.id == "image-missing"]
    assert "if assets/pier.jpg is meant, name it here as that" in remedy


def test_a_picture_that_was_pasted_into_the_text_is_told_where_it_belongs(tmp_path):
    shutil.copytree(BROKEN / "_base", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "issues" / "2026-06" / "issue.md"
    path.write_text(path.read_text().replace("assets/pier.jpg", "data:image/png;base64,iVBORw0KGgo=", 1))
    found = {one.id: one for one in gating.findings(Workspace(tmp_path), "2026-06")}
    assert found["link-scheme"].place == "issues/2026-06/issue.md:12"
    assert found["link-scheme"].remedy == "save it into assets/ and name it: assets/…"


def _found(folder, old, new):
    """Return id and place of what is found in the base with *new* for *old*."""
    shutil.copytree(BROKEN / "_base", folder, dirs_exist_ok=True)
    path = folder / "issues" / "2026-06" / "issue.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [(one.id, one.message) for one in gating.findings(Workspace(folder), "2026-06")]


def test_a_time_to_send_without_an_hour_is_midnight_and_told(tmp_path):
    told = "send_at names a day and no hour: the letter leaves at midnight"
    assert ("send-at-hour", told) in _found(tmp_path / "a", "list: monthly", "list: monthly\nsend_at: 2099-06-12")
    hour = _found(tmp_path / "b", "list: monthly", "list: monthly\nsend_at: 2099-06-12T09:00")
    assert "send-at-hour" not in [code for code, _ in hour]


@pytest.mark.parametrize(
    "src", ["C:\\Users\\Eva\\a.jpg", "file:///Users/Eva/a%20boat.jpg", "file:///C:/Users/Eva/a.jpg"]
)
def test_a_picture_on_a_disk_is_told_once_and_in_its_line(tmp_path, src):
    shutil.copytree(BROKEN / "_base", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "issues" / "2026-06" / "issue.md"
    text = path.read_text(encoding="utf-8").replace("the harbour has", f"\n\n![A boat]({src})\n\nNow", 1)
    path.write_text(text, encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "Eva" in row)
    found = [one for one in gating.findings(Workspace(tmp_path), "2026-06") if one.level.value == "error"]
    assert [(one.id, one.place) for one in found] == [("link-scheme", f"issues/2026-06/issue.md:{line}")]
    assert "into assets/" in found[0].remedy


def test_a_letter_of_sixty_stories_is_told_how_many_are_too_much(tmp_path):
    shutil.copytree(BROKEN / "_base", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "issues" / "2026-06" / "issue.md"
    story = "\n::: story\n## Story {0} of the harbour\nForty boats came on day {0}.\n\n[Day {0}](https://tidvatten.se/{0})\n:::\n"
    path.write_text(path.read_text() + "".join(map(story.format, range(60))), encoding="utf-8")
    [remedy] = [one.remedy for one in gating.findings(Workspace(tmp_path), "2026-06") if one.id == "size-clipped"]
    much = int(remedy.removeprefix("leave out about ").split()[0])
    assert 20 < much < 55
    # So many fewer are well.
    path.write_text("".join(path.read_text().partition("## Story 0")[:1]).removesuffix("::: story\n"))
    left = "".join(map(story.format, range(58 - much)))
    path.write_text(path.read_text() + left, encoding="utf-8")
    assert "size-clipped" not in [one.id for one in gating.findings(Workspace(tmp_path), "2026-06")]


@pytest.mark.parametrize(
    ("lies", "written", "told"),
    [
        ("pier.heic", "pier.heic", "save it as JPEG, PNG or GIF beside it"),
        ("Boats.JPG", "boats.jpg", "if assets/Boats.JPG is meant, name it here as that"),
        ("boats.png", "boats.jpg", "if assets/boats.png is meant"),
        ("crane.png", "boats.jpg", "put a JPEG, PNG or GIF into issues/2026-06/assets/"),
        ("crane.png", "IMG_2.HEIC", "name it here, as assets/IMG_2.jpg"),
    ],
)
def test_a_picture_of_another_kind_or_name_is_told_so(tmp_path, lies, written, told):
    shutil.copytree(BROKEN / "_base", tmp_path, dirs_exist_ok=True)
    issue = tmp_path / "issues" / "2026-06"
    (issue / "assets" / lies).write_bytes((issue / "assets" / "pier.jpg").read_bytes())
    (issue / "issue.md").write_text((issue / "issue.md").read_text().replace("pier.jpg", written, 1))
    [remedy] = {one.remedy for one in gating.findings(Workspace(tmp_path), "2026-06") if one.id == "image-missing"}
    assert told in remedy
