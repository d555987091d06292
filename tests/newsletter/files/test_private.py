"""Laws of files for their owner alone: nobody else's file is written into, and none is there by half."""

from pathlib import Path

import pytest

from newsletter.files import private


class Raced(type(Path())):
    """A path at which somebody else puts a link as soon as nothing is there."""

    def unlink(self, missing_ok: bool = False) -> None:
        super().unlink(missing_ok=missing_ok)
        self.symlink_to(self.parent / "theirs")


@pytest.mark.parametrize("there", ["file", "link", "hard link", "nothing"])
def test_what_stands_there_goes_and_is_not_written_into(tmp_path: Path, there: str) -> None:
    theirs, path = tmp_path / "theirs", tmp_path / "ours"
    theirs.write_text("theirs")
    theirs.chmod(0o644)
    if there == "file":
        path.write_text("an older one")
        path.chmod(0o644)
    elif there == "link":
        path.symlink_to(theirs)
    elif there == "hard link":
        path.hardlink_to(theirs)
    private.put(path, b"ours")
    with open(private.begin(tmp_path / "begun"), "wb") as begun:
        begun.write(b"ours")
    for made in (path, tmp_path / "begun"):
        assert made.read_bytes() == b"ours"
        assert not made.is_symlink()
        assert made.stat().st_mode & 0o777 == 0o600
    assert theirs.read_text() == "theirs"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["begun", "ours", "theirs"]


def test_whoever_is_quicker_gets_nothing_of_what_we_write(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    with pytest.raises(FileExistsError):
        private.begin(Raced(tmp_path / "ours"))
    assert theirs.read_text() == "theirs"


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(OSError, match=folder.name) as told:
            private.put(folder / "ours", b"ours")
        assert told.value.filename == str(folder)


def test_of_a_folder_in_place_of_a_key_nobody_is_told_to_change_the_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(IsADirectoryError):
        private.key(tmp_path)
