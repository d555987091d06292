"""Laws of the house: the rules that import-linter enforces leave no room out."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORLD = {"catch", "cli", "fetch", "files", "lookup", "receive", "send", "web"}


def contract(name: str) -> dict:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return next(one for one in settings["contracts"] if one["name"] == name)


def rooms(package: str) -> set[str]:
    """Return the modules and folders that lie directly in *package*."""
    found = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__", "__main__"}
    return found | {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}


def test_everything_that_is_no_world_folder_is_held_to_computing() -> None:
    pure = {f"newsletter.{name}" for name in rooms("newsletter") - WORLD}
    pure |= {f"subscribers.{name}" for name in rooms("subscribers") - {"store"}}
    assert set(contract("What is no world folder computes")["source_modules"]) == pure


def test_every_world_folder_is_kept_apart_from_the_others() -> None:
    folders = {f"newsletter.{name}" for name in WORLD - {"cli"}}
    assert set(contract("World folders meet in the command line only")["modules"]) == folders


def test_a_module_has_a_sentence_that_says_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for package in ("newsletter", "subscribers")
        for path in (ROOT / package).rglob("*.py")
        if not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_templates_and_issues_hold_no_program() -> None:
    assert [path for folder in ("templates", "issues") for path in (ROOT / folder).rglob("*.py")] == []
