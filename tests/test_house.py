"""Laws of the house: the rules that import-linter enforces leave no room out."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from re import _parser as parser

ROOT = Path(__file__).parents[1]

#: What another library imports for us: uvicorn its parser, starlette its reader of forms, zoneinfo the zones.
LENT = {"httptools", "python-multipart", "tzdata"}

#: What is used where it is installed.
EXTRAS = {"lxml-html-clean", "pillow", "trafilatura"}
#: What a pattern calls one sign out of several.
SETS = {"ANY", "CATEGORY", "IN", "LITERAL", "NOT_LITERAL"}
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


def test_the_drawing_of_the_house_names_every_world_folder() -> None:
    drawn = (ROOT / "newsletter" / "__init__.py").read_text(encoding="utf-8")
    assert [name for name in sorted(WORLD) if f"``{name}``" not in drawn] == []


def test_what_the_drawings_of_the_house_name_is_there() -> None:
    drawn = (ROOT / "newsletter" / "__init__.py").read_text(encoding="utf-8")
    drawn += (ROOT / "README.md").read_text(encoding="utf-8").partition("## The flow")[2].partition("## ")[0]
    named = re.findall(r"(?<![\w/.])[a-z][\w/]*(?:\.py|/)(?!\w)", drawn)
    assert len(named) > 40
    assert [name for name in named if not any((top / name).exists() for top in (ROOT, ROOT / "newsletter"))] == []


def test_a_module_has_a_sentence_that_says_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for package in ("newsletter", "subscribers")
        for path in (ROOT / package).rglob("*.py")
        if not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_no_module_is_longer_than_one_idea_takes() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for package in ("newsletter", "subscribers")
        for path in (ROOT / package).rglob("*.py")
        if (lines := path.read_bytes().count(b"\n")) > 400
    }
    assert long == {}, "give one of its ideas a room of its own"


def test_templates_and_issues_hold_no_program() -> None:
    assert [path for folder in ("templates", "issues") for path in (ROOT / folder).rglob("*.py")] == []


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """Return every part of the program, each with its file."""
    files = [path for package in ("newsletter", "subscribers") for path in (ROOT / package).rglob("*.py")]
    return [(path, node) for path in files for node in ast.walk(ast.parse(path.read_bytes()))]


def imported() -> Iterator[str]:
    """Yield the top-level name of everything that the program imports, wherever it does."""
    for _, node in nodes():
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_nothing_is_installed_that_is_not_used_and_nothing_used_that_is_not_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.match(r"[\w.-]+", wanted)[0].lower() for wanted in project["dependencies"]}
    homes = packages_distributions()
    used = {home.lower() for name in set(imported()) for home in homes.get(name, ())} - {"newsletter", *EXTRAS}
    assert used | LENT == named


def test_no_message_cites_in_the_marks_of_python() -> None:
    """What somebody wrote stands in the marks of `cited` everywhere."""
    odd = [
        f"{path.relative_to(ROOT)}:{value.lineno}"
        for path, value in nodes()
        if isinstance(value, ast.FormattedValue) and value.conversion == ord("r")
    ]
    assert odd == []


def patterns() -> Iterator[tuple[str, re.Pattern]]:
    """Yield every pattern that a module keeps, with its name."""
    for package in ("newsletter", "subscribers"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.stem != "__main__":
                module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
                yield from (
                    (f"{path}: {name}", one) for name, one in vars(module).items() if type(one) is re.Pattern
                )


def holds_on(parsed: Iterable) -> bool:
    """Whether a group in a pattern gives nothing back, which a single set of signs may do."""
    for operation, value in parsed:
        parts = value if isinstance(value, tuple) else ()
        inner = [one for one in parts if isinstance(one, parser.SubPattern)]
        if parts and isinstance(parts[-1], list):
            inner += [one for one in parts[-1] if isinstance(one, parser.SubPattern)]
        if isinstance(value, parser.SubPattern):
            inner.append(value)
        one = len(inner) == 1 and len(inner[0]) == 1 and str(inner[0][0][0]) in SETS
        group = str(operation) == "POSSESSIVE_REPEAT" and not one
        if group or str(operation) == "ATOMIC_GROUP" or any(map(holds_on, inner)):
            return True
    return False


def test_no_pattern_has_a_group_that_python_3_11_2_matches_wrongly() -> None:
    """Before 3.11.5, as in Debian 12, a possessive group loses what it matched."""
    found = dict(patterns())
    assert len(found) > 100
    assert [name for name, one in found.items() if holds_on(parser.parse(one.pattern, one.flags))] == []
    for wrong in (r"(?:[^\"]++|\"[^\"]*\")*+>", r"a(b|(?>cd))", r"(?:x|(?:ab?c)?+)y"):
        assert holds_on(parser.parse(wrong))
    assert not holds_on(parser.parse(r"<(?:[^>\"]++|\"[^\"]*+\")*>"))


OURS = re.compile(r"from ((?:newsletter|subscribers)[\w.]*) import (\w+)")


def test_a_module_is_where_programs_inside_of_texts_look_for_it() -> None:
    """No linter reads those that tests and benchmarks hand to another Python."""
    wanted = {
        found
        for path in (ROOT / "tests").rglob("*.py")
        for found in OURS.findall(path.read_text(encoding="utf-8"))
    }
    assert len(wanted) > 100
    assert [where for where in sorted(wanted) if not there(*where)] == []


def there(package: str, name: str) -> bool:
    try:
        return hasattr(importlib.import_module(package), name) or bool(find_spec(f"{package}.{name}"))
    except ImportError:
        return False
