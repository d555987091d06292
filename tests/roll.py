"""A file of readers for tests, good and bad, and a way to run commands on a workspace as an editor does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.cli.main import main

READERS = """Email;Name;Language;Topics;City
anna@example.org;Anna Åberg;sv;business,research;Huddinge
BO@Example.org;Bo Öst;en;;Solna
no-address;Nobody;en;;
anna@example.org;Anna again;sv;;Solna
cilla@example.org;=HYPERLINK("x");Svenska;student;Huddinge
"""


def caller(root: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return what runs a command, checks its exit code, and returns what it said."""

    def call(*words: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(root), *words])
        out, err = capfd.readouterr()
        assert left.value.code == code, out + err
        assert "Traceback" not in err
        return out if code == 0 and ("--json" in words or "export" in words) else out + err

    return call
