"""Every folder of tests/data/broken is a workspace with one fault: it is found, at its place, and nothing else is.

A folder holds what differs from ``_base``, which has no fault, and ``expected.json``: the id, level and place of
the finding, and *also*, the ids that the same fault brings with it.
"""

import json
import shutil
from pathlib import Path

import pytest

from newsletter.cli import gating
from newsletter.files.workspace import Workspace
from newsletter.findings import GROUPS

BROKEN = Path(__file__).parents[1] / "data" / "broken"
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
    assert remedy.endswith("as assets/pier.jpg")


def test_a_picture_that_was_pasted_into_the_text_is_told_where_it_belongs(tmp_path):
    shutil.copytree(BROKEN / "_base", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "issues" / "2026-06" / "issue.md"
    path.write_text(path.read_text().replace("assets/pier.jpg", "data:image/png;base64,iVBORw0KGgo=", 1))
    found = {one.id: one for one in gating.findings(Workspace(tmp_path), "2026-06")}
    assert found["link-scheme"].place == "issues/2026-06/issue.md:12"
    assert found["link-scheme"].remedy == "save it into assets/ and name it: assets/…"
