"""Laws of the package: what an installed program needs is in it, and nobody's addresses or keys are."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NEEDED = {
    "newsletter/cli/main.py",
    "newsletter/py.typed",
    "subscribers/py.typed",
    "subscribers/store/file/open.py",
    "newsletter/shipped/templates/letter/theme.toml",
    "newsletter/shipped/templates/workspace/newsletter.toml",
    "newsletter/shipped/templates/workspace/gitignore",
    "newsletter/shipped/templates/words/sv.po",
    "newsletter/shipped/issues/0001-hello/issue.md",
    "newsletter/shipped/docs/settings.md",
}
NEVER = (".db", ".db-wal", ".db-shm", ".key", ".eml", ".pyc", ".env")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    folder = tmp_path_factory.mktemp("dist")
    stray = ROOT / "subscribers" / "stray.db"
    stray.touch()
    try:
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    finally:
        stray.unlink()
    wheel = next(folder.glob("*.whl"))
    sdist = next(folder.glob("*.tar.gz"))
    with zipfile.ZipFile(wheel) as archive, tarfile.open(sdist) as ball:
        return set(archive.namelist()), {name.partition("/")[2] for name in ball.getnames()}


def test_the_wheel_has_everything_that_runs(built: tuple[set[str], set[str]]) -> None:
    wheel, _ = built
    assert wheel >= NEEDED
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*") if path.is_file()}
    assert {name.removeprefix("newsletter/shipped/") for name in wheel} >= shipped
    pages = {f"newsletter/shipped/docs/{page.name}" for page in (ROOT / "docs").glob("*.md")}
    assert {name for name in wheel if "/docs/" in name} == pages, "the pages, and not their pictures"
    tops = {name.split("/")[0] for name in wheel}
    assert tops == {"newsletter", "subscribers", "newsletter-0.1.0.dist-info"}


def test_no_address_and_no_key_is_packed(built: tuple[set[str], set[str]]) -> None:
    for names in built:
        assert [name for name in names if name.endswith(NEVER)] == []


def test_the_source_package_can_be_built_and_tested(built: tuple[set[str], set[str]]) -> None:
    _, sdist = built
    assert sdist >= {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "requirements.lock"}
    assert any(name.startswith("tests/newsletter/") for name in sdist)
