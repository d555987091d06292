"""Laws of the file of keys: its owner's alone, never lost, and what an old key signed still verifies."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.cli import wiring
from newsletter.errors import NotFoundError, RefusedError
from newsletter.files import keyring
from newsletter.files.new import make
from subscribers import token
from subscribers.token import Purpose
from tests.roll import caller
from tests.shell import ended

TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    keyring.make(tmp_path / "secret.key", TODAY)
    return tmp_path / "secret.key"


def test_each_key_is_new_and_readable_by_its_owner_only(tmp_path: Path, path: Path) -> None:
    keyring.make(tmp_path / "other.key")
    [one], [two] = keyring.load(path), keyring.load(tmp_path / "other.key")
    assert one.secret != two.secret
    assert (one.since, two.since) == (TODAY, None)
    assert path.stat().st_mode & 0o777 == 0o600
    assert repr(one.secret) not in repr(one)
    with pytest.raises(FileExistsError):
        keyring.make(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777, 0o610])
def test_a_file_that_others_can_open_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(RefusedError, match=r"others can read this key.*chmod 600"):
        keyring.load(path)
    with pytest.raises(RefusedError):
        keyring.rotate(path, TODAY)


@pytest.mark.parametrize(
    "content", ["", "xyz", "abcd", "\x00" * 64, "å" * 64, "0" * 63, "0" * 64 + "\nxyz", "0" * 64 + " 2026-13-01"]
)
def test_what_is_no_key_is_told(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedError, match="restore it from your backup"):
        keyring.load(path)


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no key"):
        keyring.load(tmp_path / "secret.key")


def test_what_the_system_refuses_is_told_by_doctor_in_words(tmp_path: Path, capfd) -> None:
    keys = make(tmp_path / "letter", "The quay").keys
    keys.unlink()
    keys.mkdir(mode=0o700)
    ended("--workspace", str(tmp_path / "letter"), "doctor", "--json")
    (told,) = (one["message"] for one in json.loads(capfd.readouterr().out)["checks"] if one["name"] == "key")
    assert told == f"{keys}: is a directory; move this folder away; a file belongs there"


def test_rotation_puts_a_new_key_first_and_keeps_the_others(path: Path) -> None:
    first = keyring.load(path)
    # What an interrupted rotation left is no hindrance.
    path.with_name(".new-secret.key").write_text("half")
    made = keyring.rotate(path, date(2026, 7, 1))
    assert made[1:] == first
    assert keyring.load(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"]


def test_links_that_an_old_key_signed_still_work(tmp_path: Path, capfd) -> None:
    workspace = make(tmp_path / "letter", "The quay")
    link = token.make(wiring.ring(workspace), Purpose.UNSUBSCRIBE, 7, 1)

    run = caller(workspace.root, capfd, "keys")
    before = json.loads(run("list", "--json"))["keys"]
    assert [each["signs"] for each in before] == [True]
    assert "nothing was changed" in run("rotate", "--json", code=2)
    for count in (2, 3):
        after = json.loads(run("rotate", "--yes", "--json"))["keys"]
        assert [each["signs"] for each in after] == [True] + [False] * (count - 1)
    assert after[-1] == {**before[0], "signs": False}
    ring = wiring.ring(workspace)
    assert token.read(ring, Purpose.UNSUBSCRIBE, link, NOW).subscriber == 7
    assert token.make(ring, Purpose.UNSUBSCRIBE, 7, 1) != link
    shown = run("list")
    assert shown.count("verifies") == 3
    assert not any(secret.hex()[:16] in shown for secret in ring.secrets)
