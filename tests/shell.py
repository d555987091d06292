"""A shell in a workspace: commands as a person or a program calls them, and the sources that they read."""

import json
from pathlib import Path

import pytest

from newsletter.cli.main import main
from newsletter.files.pool.pool import Pool
from newsletter.model import Article


def ended(*words: str) -> int:
    """Run the program as a shell does, and return its exit code."""
    with pytest.raises(SystemExit) as left:
        main([*words])
    return int(left.value.code or 0)


class Shell:
    """Runs commands in a workspace; *out* and *err* hold what the last one said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        code = ended("--workspace", str(self.folder), *words)
        self.out, self.err = self.capsys.readouterr()
        assert "Traceback" not in self.err
        return code

    def json(self, *words: str) -> dict[str, list[dict[str, object]]]:
        assert self(*words, "--json") == 0, self.out + self.err
        return json.loads(self.out)


def sources(workspace: Path, *tables: str) -> None:
    """Let the settings of *workspace* name these sources and no others."""
    path = workspace / "newsletter.toml"
    text = path.read_text(encoding="utf-8").replace(
        '[[source]]\nname = "notes"', "\n".join(tables) + "\n[ignored]"
    )
    head, _, tail = text.partition("[ignored]")
    rest = tail[tail.index("\n#") :]
    path.write_text(head + rest, encoding="utf-8")


def source(name: str, url: str, kind: str = "feed", private: bool = True) -> str:
    """Return what settings say of a source. *private* is whether it may lie in this network, as our servers do."""
    return f'[[source]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\nallow_private = {str(private).lower()}\n'


def pooled(workspace: Path) -> dict[str, Article]:
    """Return what the pool holds, by address."""
    with Pool(workspace / "articles.db") as pool:
        return {one.url: one for one in pool.articles()}


def fetched(run: Shell, *words: str) -> dict[str, dict]:
    """Fetch, and return what was said of each source, by name."""
    return {str(one["source"]): one for one in run.json("fetch", *words)["sources"]}
