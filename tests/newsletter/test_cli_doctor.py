"""`newsletter doctor`: each thing that is broken is named, with what to do."""

import json
from datetime import timedelta

import pytest

from newsletter.cli import alone
from newsletter.errors import RefusedError
from tests.shell import Shell


def found(run: Shell, name: str) -> dict[str, object]:
    """Return what the doctor says of *name*."""
    code = run("doctor", "--json")
    document = json.loads(run.out)
    [check] = [one for one in document["checks"] if one["name"] == name]
    assert (code == 3) is any(one["state"] == "error" for one in document["checks"])
    return check


def test_a_pool_that_is_none_is_told_before_an_issue_is_due(run: Shell) -> None:
    pool = run.folder / "articles.db"
    assert found(run, "pool")["state"] == "ok"
    assert run("fetch") == 0
    assert found(run, "pool")["message"] == "1 article collected"
    pool.write_bytes(b"no pool at all" * 999)
    broken = found(run, "pool")
    assert broken["state"] == "error"
    assert f"{pool}: this is no pool of articles; delete it; `newsletter fetch` makes it again" in str(
        broken["message"]
    )


def test_a_damaged_file_of_people_is_told_with_the_command_that_puts_a_copy_back(run: Shell) -> None:
    (run.folder / "subscribers" / "subscribers.db").write_bytes(b"no database" * 999)
    broken = found(run, "database")
    assert broken["state"] == "error"
    assert "newsletter restore FILE" in str(broken["message"])


def test_a_clock_that_stands_before_this_program_was_written_is_refused() -> None:
    alone.refuse_clock(alone.EARLIEST)
    with pytest.raises(RefusedError, match="the clock says 2025-12-31; set it"):
        alone.refuse_clock(alone.EARLIEST - timedelta(seconds=1))


def test_a_backup_tells_a_program_what_it_wrote(run: Shell) -> None:
    file = run.folder / "copy.db"
    assert run.json("backup", str(file)) == {"file": str(file), "bytes": file.stat().st_size}
