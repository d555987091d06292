"""Render a workspace's issues: what check, preview, test and send have in common with `render`."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote

from newsletter import render
from newsletter.cli import later
from newsletter.errors import NotFoundError
from newsletter.files.looks import themes
from newsletter.files.looks.shelf import Shelf
from newsletter.files.workspace import Workspace
from newsletter.mail import enclosed
from newsletter.model import Block, Featured, Gallery, Image, Issue, Picture, Rendered
from newsletter.reading import picturefile
from newsletter.render import Theme
from newsletter.rendering import template
from newsletter.results import campaign
from subscribers import tongue

#: So many bytes of a picture hold its size; a camera puts its notes before it.
HEADER = 256 * 1024
#: All combinations of so many segments are rendered; of more, only each alone and all together.
COMBINED = 3

# premailer takes it along for style sheets on the web, which no letter has.
later.load("requests")


def _cache() -> Path | None:
    """Return the user's cache folder (XDG Base Directory Specification), None for a user without one."""
    for place in (os.environ.get("XDG_CACHE_HOME", ""), f"{os.environ.get('HOME', '')}/.cache"):
        if os.path.isabs(place) and place != "/.cache":
            return Path(place)
    return None


if cache := _cache():
    template.keep(Shelf(cache / "newsletter"))


@dataclass(slots=True)
class Twins:
    """The twins of one issue, and what their variants share: themes are loaded and pictures measured once.

    Readers without a twin in their language get the nearest (``pt`` for ``pt-BR``), or the first one, and the
    letter says that it is in another language.
    """

    workspace: Workspace
    issues: Sequence[Issue]
    _themes: dict[tuple[str, str], Theme] = field(default_factory=dict)
    _sized: dict[str, Issue] = field(default_factory=dict)

    def variant(
        self, language: str, segments: frozenset[str] = frozenset(), assets_url: str | None = None, arm: str = ""
    ) -> Rendered:
        """Return what readers of *language* in exactly these *segments* get.

        *assets_url* None is where `serve` has the files beside the issue. *arm* "b" is for the other subject.
        """
        letter = self.workspace.settings.letter
        issue = self._measured(twin(self.issues, language))
        theirs = language in letter.languages and tongue.root(language) != tongue.root(issue.language)
        made = render.render(
            replace(issue, subject=issue.subject_b) if arm else issue,
            self._theme(issue.theme or letter.theme, language if theirs else issue.language),
            letter,
            segments=segments,
            nonce=secrets.token_hex(6),
            assets_url=beside(self.workspace, issue.slug) if assets_url is None else assets_url,
            archive_url=archived(self.workspace, issue),
        )
        return replace(made, arm=arm)

    def frozen(self, language: str, segments: frozenset[str], arm: str) -> Rendered:
        """Return the same as a message has it: its links say where a visitor comes from, if the letter wants that.

        The pictures are inside, if the issue or the letter wants that.
        """
        settings = self.workspace.settings
        tracking, sources = settings.tracking, [one.url for one in settings.sources]
        made = campaign.marked(
            self.variant(language, segments, arm=arm),
            campaign.of(tracking.campaign, tracking.sites, sources),
            settings.letter.base_url,
        )
        issue = twin(self.issues, language)
        if (issue.images or settings.letter.images) != "inline":
            return made
        folder = self.workspace.issue(issue.slug).resolve()

        def read(name: str) -> bytes | None:
            path = (folder / name).resolve()
            return path.read_bytes() if path.is_relative_to(folder / "assets") and path.is_file() else None

        return enclosed.enclose(made, beside(self.workspace, issue.slug), read)

    def _theme(self, name: str, language: str) -> Theme:
        if (name, language) not in self._themes:
            self._themes[name, language] = themes.load(self.workspace.templates, name, language)
        return self._themes[name, language]

    def _measured(self, issue: Issue) -> Issue:
        if issue.language not in self._sized:
            self._sized[issue.language] = sized(issue, self.workspace.issue(issue.slug).resolve())
        return self._sized[issue.language]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One variant of *issue*: for readers of *language* in *segments*; *arm* "b" is the other subject."""

    issue: Issue
    language: str
    segments: frozenset[str] = frozenset()
    arm: str = ""


def wanted(workspace: Workspace, issue: Issue, twins: Sequence[Issue]) -> list[Wanted]:
    """Return every variant that is made of *issue*, which is one of its *twins*.

    That is what its own readers get: nobody in particular, its segments, its other subject; and what those get
    whose language is the letter's and has no twin, if it is this one.
    """
    made = [Wanted(issue, issue.language, some) for some in combinations(render.segments_in((issue,)))]
    made += [Wanted(issue, issue.language, arm="b")] if issue.subject_b else []
    others = (each for each in workspace.settings.letter.languages if twin(twins, each) is issue)
    return [*made, *(Wanted(issue, each) for each in others if tongue.root(each) != tongue.root(issue.language))]


def variants(
    workspace: Workspace, issue: Issue, twins: Sequence[Issue], assets_url: str | None = None
) -> tuple[Rendered, ...]:
    """Return all that is `wanted`, rendered."""
    made = Twins(workspace, twins)
    return tuple(
        made.variant(one.language, one.segments, assets_url, one.arm) for one in wanted(workspace, issue, twins)
    )


def sized(issue: Issue, folder: Path) -> Issue:
    """Return *issue* with the size in pixels of each picture in its *folder*, so that none is blown up."""
    made: list[Block] = []
    for block in issue.blocks:
        if isinstance(block, Featured) and block.image:
            block = replace(block, image=_measured(block.image, folder))
        elif isinstance(block, Image):
            block = replace(block, picture=_measured(block.picture, folder))
        elif isinstance(block, Gallery):
            block = replace(block, pictures=tuple(_measured(each, folder) for each in block.pictures))
        made.append(block)
    return replace(issue, blocks=tuple(made))


def _measured(picture: Picture, folder: Path) -> Picture:
    found = shape(folder, unquote(picture.src))
    return replace(picture, width=found.width, height=found.height) if found else picture


def shape(folder: Path, name: str) -> picturefile.Shape | None:
    """Return what picture the file *name* of an issue's *folder* holds; None for none in its assets."""
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder / "assets"):
            return None
        with path.open("rb") as file:
            return picturefile.shape(file.read(HEADER))
    except (OSError, ValueError):
        return None


def archived(workspace: Workspace, issue: Issue) -> str:
    """Return the issue's page in the archive, "" for a mail to new readers, or if its list is not for all."""
    lists = {each.slug: each.archive for each in workspace.settings.lists}
    welcomes = any(issue.slug in each.greetings for each in workspace.settings.lists)
    if welcomes or not lists.get(issue.list or next(iter(lists), ""), False):
        return ""
    return f"{workspace.settings.letter.base_url}/archive/{quote(issue.slug)}?lang={quote(issue.language)}"


def beside(workspace: Workspace, slug: str) -> str:
    """Return the address under which `serve` has the files beside an issue, ending in a slash."""
    return f"{workspace.settings.letter.base_url}/issues/{slug}/"


def twin(issues: Sequence[Issue], language: str) -> Issue:
    """Return the issue that readers of *language* get. Raise NotFoundError if there is none at all."""
    if not issues:
        raise NotFoundError("there is no such issue", remedy="write one with `newsletter compose SLUG`")
    near = tongue.nearest(language, [issue.language for issue in issues])
    return next((issue for issue in issues if issue.language == near), issues[0])


def combinations(segments: frozenset[str]) -> list[frozenset[str]]:
    """Return the sets of segments worth a look: all of them while they are few."""
    if len(segments) > COMBINED:
        return [frozenset(), *(frozenset({one}) for one in sorted(segments)), segments]
    made = [frozenset[str]()]
    for one in sorted(segments):
        made += [chosen | {one} for chosen in made]
    return made
