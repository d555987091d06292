"""A file of readers for tests, good and bad, and a way to run commands on a workspace as an editor does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.cli import wiring
from newsletter.files.workspace import Workspace
from tests import blank
from tests.shell import ended

READERS = """Email;Name;Language;Topics;City
anna@example.org;Anna Åberg;sv;business,research;Huddinge
BO@Example.org;Bo Öst;en;;Solna
no-address;Nobody;en;;
anna@example.org;Anna again;sv;;Solna
cilla@example.org;=HYPERLINK("x");Svenska;student;Huddinge
"""


def caller(root: Path, capfd: pytest.CaptureFixture[str], *first: str) -> Callable[..., str]:
    """Return what runs a command, checks its exit code, and returns what it said.

    *first* are the words that each command begins with. Of what is written for programs, talk is left out.
    """

    def call(*words: str, code: int = 0) -> str:
        left = ended("--workspace", str(root), *first, *words)
        out, err = capfd.readouterr()
        assert left == code, out + err
        assert "Traceback" not in err
        return out if code == 0 and ("--json" in words or "export" in words) else out + err

    return call


def quay(folder: Path) -> Workspace:
    """Make a workspace in *folder*, and beside it a file of readers."""
    made = blank.letter(folder / "letter")
    (folder / "readers.csv").write_text(READERS, encoding="utf-8")
    return made


def imported(run: Callable[..., str], folder: Path) -> None:
    """Import the readers that lie in *folder* as people of the monthly list."""
    file = str(folder / "readers.csv")
    run("subscribers", "import", file, "--list", "monthly", "--consent", "spring fair 2025")


def dump(workspace: Workspace) -> list[str]:
    """Return all that the people's file holds."""
    with wiring.people(workspace) as connection:
        return list(connection.iterdump())
