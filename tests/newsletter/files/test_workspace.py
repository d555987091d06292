"""Laws of the workspace: it is found by walking up, nothing leads out of it, and its key is its owner's."""

import errno
import subprocess
from pathlib import Path

import pytest

from newsletter.errors import NotFoundError, RefusedError, SettingsError, UsageError
from newsletter.files.new import make
from newsletter.files.shipped import lay
from newsletter.files.workspace import Workspace, find
from tests import killed
from tests.shell import ended


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make(tmp_path / "letter", "My letter")


def test_it_is_found_from_any_folder_inside(workspace: Workspace) -> None:
    assert find(workspace.root / "issues" / "0001-hello").root == workspace.root


def test_outside_of_one_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="newsletter init"):
        find(tmp_path)


@pytest.mark.parametrize("name", ["newsletter.toml.txt", "Newsletter.toml"])
def test_settings_under_nearly_their_name_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(NotFoundError, match=f"{name} should be called newsletter.toml; run: mv {name}"):
        find(tmp_path)


@pytest.mark.parametrize(
    ("folder", "name"),
    [("my-letter", "My letter"), ("SVT_brev", "SVT brev"), ("åland", "Åland"), ("7-inch", "7 inch")],
)
def test_a_letter_without_a_name_is_called_as_its_folder(tmp_path: Path, folder: str, name: str) -> None:
    assert ended("init", str(tmp_path / folder)) == 0
    assert Workspace(tmp_path / folder).settings.letter.name == name


@pytest.mark.parametrize("name", ['Brev "från" hamnen', "It's new, isn't it?", "a\\b", "Nytt <3", "Ö & Å"])
def test_any_printable_name_makes_settings_that_say_it(tmp_path: Path, name: str) -> None:
    letter = make(tmp_path / "letter", name).settings.letter
    assert (letter.name, letter.sender_name, letter.sender) == (name, name, "news@example.org")


@pytest.mark.parametrize("inside", ["second", "issues/second", "issues/0001-hello/../second"])
def test_none_is_made_inside_another(workspace: Workspace, inside: str) -> None:
    before = sorted(workspace.root.rglob("*"))
    with pytest.raises(RefusedError) as told:
        make(workspace.root / inside, "Second")
    assert f"this lies in another workspace, {workspace.root}; name a folder outside of it" in str(told.value)
    assert sorted(workspace.root.rglob("*")) == before
    assert make(workspace.root.parent / "second", "Second").settings.letter.name == "Second"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x00b", "a\u202eb"])
def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a letter"):
        make(tmp_path / "letter", name)


def test_a_workspace_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    def fail(made: Workspace) -> None:
        assert made.settings
        raise OSError(errno.ENOSPC, "No space left on device")

    stood = tmp_path / "stood"
    (stood / ".git").mkdir(parents=True)
    for folder in (stood, tmp_path / "new"):
        with pytest.raises(OSError, match="No space"):
            make(folder, "Letter", finish=fail)
    assert sorted(tmp_path.rglob("*")) == [stood, stood / ".git"]
    make(stood, "Letter")
    assert {path.name for path in stood.iterdir()} == {
        ".git", ".gitignore", "newsletter.toml", "articles", "issues", "subscribers", "templates",
    }  # fmt: skip


@pytest.mark.parametrize(("event", "end"), [("os.rename", ".key"), ("sqlite3.connect", "subscribers.db")])
def test_what_a_killed_init_began_is_begun_anew(tmp_path: Path, event: str, end: str) -> None:
    folder = tmp_path / "letter"
    killed.before(event, end, "init", str(folder), folder=tmp_path)
    assert [path.name[:5] for path in folder.iterdir()] == [".new-"]
    assert make(folder, "Letter").settings.letter.name == "Letter"
    assert not list(folder.glob(".new-*"))


def test_what_a_killed_init_had_made_is_finished(tmp_path: Path) -> None:
    folder = tmp_path / "letter"
    killed.before("os.rename", "/issues", "init", str(folder), folder=tmp_path)
    assert (folder / ".gitignore").exists()
    assert not (folder / "newsletter.toml").exists()
    (folder / "notes.txt").write_text("mine")
    assert make(folder, "Letter").settings.letter.name == "Letter"
    assert {path.name for path in folder.iterdir()} == {
        ".gitignore", "newsletter.toml", "articles", "issues", "subscribers", "templates", "notes.txt",
    }  # fmt: skip


def test_git_takes_no_key_that_a_killed_command_was_about_to_write(workspace: Workspace) -> None:
    killed.before("os.rename", ".key", "keys", "rotate", "--yes", folder=workspace.root)
    assert len(list(workspace.root.glob("subscribers/*secret.key*"))) == 2
    git = ["git", "-C", str(workspace.root)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "--all"], check=True)
    taken = subprocess.run([*git, "ls-files", "subscribers"], check=True, capture_output=True, text=True).stdout
    assert taken == "subscribers/segments.toml\n"


def test_git_takes_what_is_written_and_neither_people_nor_keys(workspace: Workspace) -> None:
    secret = (
        "copy.db", "old/readers-2025-06-12.db", "old/copy.db.partial", "readers.csv", "subscribers/refused.csv",
        "subscribers/subscribers.db-wal", "subscribers/subscribers-until-2025-06-12T090000Z.db",
        "subscribers/dkim-news.key", "subscribers/sent.json", "cards.vcf",
    )  # fmt: skip
    for name in (*secret, "issues/0001-hello/assets/panel.jpg"):
        path = workspace.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    git = ["git", "-C", str(workspace.root)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "--all"], check=True)
    taken = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True).stdout.split()
    assert {"newsletter.toml", "issues/0001-hello/issue.md", "issues/0001-hello/assets/panel.jpg"} < set(taken)
    assert not {*secret, "subscribers/secret.key", "articles.db"} & set(taken)


def test_a_folder_with_something_in_it_is_left_as_it_is(workspace: Workspace) -> None:
    before = sorted(workspace.root.rglob("*"))
    with pytest.raises(RefusedError, match="nothing was changed"):
        make(workspace.root, "Another")
    assert sorted(workspace.root.rglob("*")) == before


@pytest.mark.parametrize(
    "slug",
    ["..", "../x", "/etc", "a/b", "a\\b", "", ".hidden", "a\x00b", "x" * 300, "2025-06.", "~root", "a b", "-rf"],
)
def test_no_issue_name_leads_out_of_the_workspace(workspace: Workspace, slug: str) -> None:
    with pytest.raises(UsageError):
        workspace.issue(slug)


@pytest.mark.parametrize(
    "path",
    ["issues/2025-06", "2025-06/", "issues/2025-06/issue.md", "2025-06/issue.sv.md", "/home/eva/issues/2025-06/"],
)
def test_an_issue_named_by_its_path_is_told_by_its_name(workspace: Workspace, path: str) -> None:
    for typed in (path, path.replace("/", "\\")):
        with pytest.raises(UsageError, match=r"; did you mean 2025-06\?$"):
            workspace.issue(typed)


@pytest.mark.parametrize("path", ["../x", "a/b", "issues/a b", "issues/../x", "2025-06/notes.md", "/"])
def test_no_name_is_guessed_from_another_path(workspace: Workspace, path: str) -> None:
    with pytest.raises(UsageError, match="cannot name an issue; use letters, digits, hyphens and dots"):
        workspace.issue(path)


def test_a_link_does_not_lead_out_of_the_workspace(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.issues / "2025-06").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(UsageError, match="leads out of the workspace"):
        workspace.issue("2025-06")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_line_ends_and_a_mark_in_front_do_no_harm(workspace: Workspace, end: str, mark: str) -> None:
    path = workspace.root / "newsletter.toml"
    path.write_bytes((mark + path.read_text(encoding="utf-8").replace("\n", end)).encode())
    assert find(workspace.root).settings == workspace.settings


def test_settings_in_another_encoding_are_told_with_the_line(workspace: Workspace) -> None:
    path = workspace.root / "newsletter.toml"
    text = path.read_text(encoding="utf-8").replace("\n", "\n# från hamnen\n", 1)
    path.write_bytes(text.encode("cp1252", "replace"))
    with pytest.raises(SettingsError, match=r"^newsletter\.toml:2: not UTF-8; save it as UTF-8$"):
        find(workspace.root).settings  # noqa: B018


def test_what_is_made_from_an_installation_that_can_only_be_read_can_be_written(tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    (installed / "deep").mkdir(parents=True)
    (installed / "deep" / "issue.md").write_text("Dear reader", encoding="utf-8")
    for path, mode in ((installed / "deep" / "issue.md", 0o444), (installed / "deep", 0o555), (installed, 0o555)):
        path.chmod(mode)
    try:
        lay(installed, tmp_path / "letter")
    finally:
        (installed / "deep").chmod(0o755)
        installed.chmod(0o755)
    for path in (tmp_path / "letter", tmp_path / "letter" / "deep", tmp_path / "letter" / "deep" / "issue.md"):
        assert path.stat().st_mode & 0o200, path
    assert (tmp_path / "letter" / "deep" / "issue.md").read_text(encoding="utf-8") == "Dear reader"


def test_a_full_disk_is_told_with_the_file_that_found_no_room(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "welcome.md").symlink_to("/dev/full")
    source = tmp_path / "source"
    source.mkdir()
    (source / "welcome.md").write_text("Welcome", encoding="utf-8")
    with pytest.raises(OSError, match=r"No space left on device.*welcome\.md"):
        lay(source, tmp_path / "folder")
