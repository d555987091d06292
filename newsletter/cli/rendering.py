"""Render a workspace's issues: what check, preview, test and send have in common with `render`."""

import secrets
from collections.abc import Sequence

from newsletter import render
from newsletter.errors import NotFoundError
from newsletter.files import themes
from newsletter.files.workspace import Workspace
from newsletter.model import Issue, Rendered

#: All combinations of so many segments are rendered; of more, only each alone and all together.
COMBINED = 3


def variant(
    workspace: Workspace,
    issues: Sequence[Issue],
    language: str,
    segments: frozenset[str] = frozenset(),
    assets_url: str | None = None,
) -> Rendered:
    """Return what readers of *language* in exactly these *segments* get.

    *issues* are the twins of one issue; without a twin in *language* its general form counts (``pt`` for
    ``pt-BR``), then the first. *assets_url* None is where `serve` has the files beside the issue.
    """
    issue = twin(issues, language)
    letter = workspace.settings.letter
    theme = themes.load(workspace.templates, letter.theme, issue.language)
    if assets_url is None:
        assets_url = f"{letter.base_url}/issues/{issue.slug}/"
    nonce = secrets.token_hex(6)
    return render.render(issue, theme, letter, segments=segments, nonce=nonce, assets_url=assets_url)


def variants(workspace: Workspace, issues: Sequence[Issue], assets_url: str | None = None) -> tuple[Rendered, ...]:
    """Return every variant of an issue: each language, for nobody in particular and for its segments."""
    return tuple(
        variant(workspace, (issue,), issue.language, segments, assets_url)
        for issue in issues
        for segments in combinations(render.segments_in((issue,)))
    )


def twin(issues: Sequence[Issue], language: str) -> Issue:
    """Return the issue that readers of *language* get. Raise NotFoundError if there is none at all."""
    if not issues:
        raise NotFoundError("there is no such issue", remedy="write one with `newsletter compose SLUG`")
    by_language = {issue.language: issue for issue in issues}
    return by_language.get(language) or by_language.get(language.partition("-")[0]) or issues[0]


def combinations(segments: frozenset[str]) -> list[frozenset[str]]:
    """Return the sets of segments worth a look: all of them while they are few."""
    if len(segments) > COMBINED:
        return [frozenset(), *(frozenset({one}) for one in sorted(segments)), segments]
    made = [frozenset[str]()]
    for one in sorted(segments):
        made += [chosen | {one} for chosen in made]
    return made
