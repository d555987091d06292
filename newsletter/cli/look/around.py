"""What lies beside an issue in its workspace, for the gate: files, templates, the articles that it came from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache, partial

from newsletter import filekind
from newsletter.cli import terminal
from newsletter.cli.look import rendering
from newsletter.errors import NotFoundError
from newsletter.files.looks import support, themes, words
from newsletter.files.looks.untranslated import untranslated
from newsletter.files.workspace import Workspace
from newsletter.gate.proof import Beside
from newsletter.issuefile import draft
from newsletter.model import Article, Featured, Issue
from newsletter.web.pages import beside


def lying(workspace: Workspace, issues: Sequence[Issue]) -> Callable[[str], Beside]:
    """Return what tells for a language what lies beside the twins *issues*. Nothing is read twice."""
    looks = {one.language: one.theme or workspace.settings.letter.theme for one in issues}
    shows = support.load(workspace.settings.gate.clients)
    articles, withdrawn = _articles(workspace, issues)
    left = cache(partial(untranslated, workspace.templates))
    own = _templates(workspace, looks.values())
    slug = issues[0].slug
    size = cache(_sizes(workspace, slug))
    shape = cache(partial(rendering.shape, workspace.issue(slug).resolve()))
    lie = (workspace.issue(slug) / "assets").rglob("*")
    names = tuple(sorted(path.relative_to(workspace.issue(slug)).as_posix() for path in lie if path.is_file()))
    return lambda language: Beside(
        size=size,
        otherwise=cache(_otherwise(workspace, slug)),
        shape=shape,
        names=names,
        support=shows,
        untranslated=left(looks.get(language, issues[0].theme or workspace.settings.letter.theme), language),
        articles=articles,
        withdrawn=withdrawn,
        templates=own,
        greeting=draft.greeting(words.load(workspace.templates, language).gettext),
        now=terminal.now(),
    )


def _articles(
    workspace: Workspace, issues: Sequence[Issue]
) -> tuple[Mapping[str, Article], Mapping[str, datetime]]:
    """Return the articles that stand in the issue, and their twins, by key; and when their site took any back."""
    blocks = [block for issue in issues for block in issue.blocks if block.src]
    if not blocks or not workspace.pool.is_file():
        return {}, {}
    from newsletter.files.pool.pool import Pool

    found = {}
    with Pool(workspace.pool) as pool:
        for key in {block.src for block in blocks if isinstance(block, Featured)}:
            with suppress(NotFoundError):
                found[key] = pool.get(key)
                found |= {twin: pool.get(twin) for twin in found[key].twins}
        return found, pool.withdrawn({block.src for block in blocks})


def _templates(workspace: Workspace, looks: Iterable[str]) -> Mapping[str, str]:
    """Return the files of themes that are the workspace's own, so that a finding can name their lines."""
    found = {}
    for folder in {each: None for theme in looks for each in themes.chain(workspace.templates, theme)}:
        for path in sorted(folder.rglob("*")) if folder.is_relative_to(workspace.root) else ():
            if path.suffix in {".mjml", ".css", ".toml", ".txt"} and path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                found[str(path.relative_to(workspace.root))] = text
    return found


def _sizes(workspace: Workspace, slug: str) -> Callable[[str], int | None]:
    """Return what tells the size of a picture beside the issue; None for what `serve` does not give readers."""

    def size(name: str) -> int | None:
        folder, _, own = name.partition("/")
        path = beside.find(workspace.issues, slug, own) if folder == "assets" else None
        return path.stat().st_size if path else None

    return size


def _otherwise(workspace: Workspace, slug: str) -> Callable[[str], str]:
    """Return what tells what a document beside the issue is that is not what its name says."""

    def otherwise(name: str) -> str:
        path = beside.find(workspace.issues, slug, name.partition("/")[2])
        if path is None:
            return ""
        with path.open("rb") as file:
            return filekind.otherwise(name, file.read(filekind.START))

    return otherwise
