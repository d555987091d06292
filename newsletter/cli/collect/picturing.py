"""Copy an issue's pictures from the web into its assets/ folder, and make those there smaller. Prints nothing."""

import asyncio
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from newsletter.cli.terminal import counted
from newsletter.errors import NewsletterError, NotFoundError, naming
from newsletter.fetch import guard, picture
from newsletter.fetch.http import Client, Connections
from newsletter.files import issues, smaller
from newsletter.files.workspace import Workspace
from newsletter.gate.files import HEAVY
from newsletter.kin.identity import slug as named

#: An image of Markdown that lies on the web; its address may stand in angle brackets.
IMAGE = re.compile(r"(!\[(?:\\.|[^\]\\])*\]\(<?)(https?://[^\s)>]+)")
#: The longest name of a copy, in characters, without its ending.
LONGEST = 50


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of copying: addresses with the names of their copies, files that were *written*, and problems."""

    copies: tuple[tuple[str, str], ...]
    written: tuple[str, ...]
    problems: tuple[NewsletterError, ...]

    @property
    def done(self) -> bool:
        """Whether anything was copied."""
        return bool(self.copies)

    def document(self, slug: str) -> dict[str, object]:
        """Return what came of it for programs."""
        copies = [{"src": src, "copy": copy} for src, copy in self.copies]
        problems = [str(problem) for problem in self.problems]
        return {"issue": slug, "copies": copies, "written": list(self.written), "problems": problems}

    def told(self) -> Iterator[str]:
        """Yield the same in lines."""
        yield from (f"{copy}  from {src}" for src, copy in self.copies)
        yield from map(str, self.problems)
        files = f" in {', '.join(self.written)}" if self.written else ""
        yield f"{counted(len(self.copies), 'picture')} copied{files}."


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What came of making pictures smaller: their names with their bytes before and after, and problems."""

    pictures: tuple[tuple[str, int, int], ...]
    problems: tuple[NewsletterError, ...]

    @property
    def done(self) -> bool:
        """Whether any became smaller."""
        return bool(self.pictures)

    def document(self, slug: str) -> dict[str, object]:
        """Return what came of it for programs."""
        pictures = [{"picture": name, "before": before, "after": after} for name, before, after in self.pictures]
        return {"issue": slug, "pictures": pictures, "problems": [str(problem) for problem in self.problems]}

    def told(self) -> Iterator[str]:
        """Yield the same in lines."""
        for name, before, after in self.pictures:
            heavy = "; still heavy" if after > HEAVY else ""
            yield f"{name}  {_kb(before)} → {_kb(after)}{heavy}"
        yield from map(str, self.problems)
        spare = f"; what was there stays beside it as NAME{smaller.SPARE}" if self.pictures else ""
        yield f"{counted(len(self.pictures), 'picture')} made smaller{spare}."


def shrink(workspace: Workspace, slug: str) -> Shrunk:
    """Make the pictures beside the issue *slug* as small as a letter needs.

    Raise NotFoundError if there is no such issue, RefusedError where nothing can read pictures.
    """
    folder = workspace.issue(slug)
    _files(workspace, slug)
    found = list(smaller.shrink(folder / "assets"))
    done = (one for one in found if isinstance(one, smaller.Smaller))
    pictures = tuple((str(one.path.relative_to(folder)), one.before, one.after) for one in done)
    return Shrunk(pictures, tuple(one for one in found if isinstance(one, NewsletterError)))


def _kb(size: int) -> str:
    return f"{max(1, size // 1024):,} KB"


def _files(workspace: Workspace, slug: str) -> list[Path]:
    """Return the files of an issue. Raise NotFoundError if there is none."""
    if found := issues.files(workspace.issue(slug)):
        return found
    where = issues.shown(workspace, issues.path_of(workspace, slug))
    raise NotFoundError("there is no such issue", where=where, remedy=f"`newsletter compose {slug}` writes it")


def copy(workspace: Workspace, slug: str) -> Copied:
    """Copy the pictures of the issue *slug* in all its languages, and let it use the copies.

    What cannot be copied stays as it is. Raise NotFoundError if there is no such issue.
    """
    folder, files = workspace.issue(slug), _files(workspace, slug)
    texts = {path: issues.read(workspace, path) for path in files}
    wanted = dict.fromkeys(found[2] for text in texts.values() for found in IMAGE.finditer(text))
    got = asyncio.run(_all(workspace, tuple(wanted)))
    copies: dict[str, str] = {}
    for src, result in got.items():
        if not isinstance(result, NewsletterError):
            copies[src] = _lay(folder / "assets", src, *result)
    written = []
    for path, text in texts.items():
        new = IMAGE.sub(lambda found: found[1] + copies.get(found[2], found[2]), text)
        if new != text:
            issues.write(path, new)
            written.append(issues.shown(workspace, path))
    problems = tuple(result for result in got.values() if isinstance(result, NewsletterError))
    return Copied(tuple(copies.items()), tuple(written), problems)


async def _all(workspace: Workspace, wanted: Sequence[str]) -> dict[str, tuple[bytes, str] | NewsletterError]:
    trusted = {urlsplit(source.url).hostname for source in workspace.settings.sources if source.allow_private}

    async with Connections() as connections:

        async def one(src: str) -> tuple[bytes, str] | NewsletterError:
            allowed = urlsplit(src).hostname in trusted
            client = Client(partial(guard.pin, allow_private=allowed), connections=connections)
            try:
                return await picture.whole(client, src)
            except NewsletterError as error:
                return error

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(src)) for src in wanted]
    return {src: task.result() for src, task in zip(wanted, tasks, strict=True)}


def _lay(assets: Path, src: str, data: bytes, kind: str) -> str:
    """Write a picture under a name made of its address, not over another one; return it as the issue names it."""
    stem = named(unquote(urlsplit(src).path.rpartition("/")[2]).rpartition(".")[0] or "picture")[:LONGEST]
    path = assets / f"{stem}.{kind}"
    if path.exists() and path.read_bytes() != data:
        path = assets / f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{kind}"
    if not path.exists():
        assets.mkdir(parents=True, exist_ok=True)
        with naming(path):
            path.write_bytes(data)
    return f"assets/{path.name}"
