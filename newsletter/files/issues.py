"""The issues on disk: one folder each, ``issue.md`` and its twins ``issue.LANGUAGE.md``."""

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from glob import escape
from pathlib import Path

from newsletter import issue
from newsletter.errors import IssueError, NotFoundError, UsageError, cited, meant, naming
from newsletter.files.workspace import Workspace
from newsletter.issuefile import frame as framing
from newsletter.issuefile.frame import Frame
from newsletter.model import Issue

#: The issue in the letter's default language.
MAIN = "issue.md"
#: A half file beside one that is written is nobody's after so many seconds.
STRAY = 600
_TWIN = re.compile(r"issue\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.md")
#: What people and their programs make of such a name: issue_sv.md, issue (1).md, issue.sv.md.txt.
_NEAR = re.compile(r"issue[\W_].*\.(?:md|markdown|txt)", re.IGNORECASE)
_MONTH = re.compile(r"\d{4}-\d{2}")
_SOURCE = re.compile(r'^ {0,3}:::.*?\bsrc="((?:[^"\\]|\\.)*)"', re.MULTILINE)


def load(workspace: Workspace, slug: str) -> tuple[Issue, ...]:
    """Return the issue in each of its languages, the default one first.

    Raise NotFoundError if there is none, IssueError for a file that cannot be understood.
    """
    twins, faults = understood(workspace, slug)
    if faults:
        raise faults[0]
    return twins


def understood(workspace: Workspace, slug: str) -> tuple[tuple[Issue, ...], tuple[IssueError, ...]]:
    """Return the twins that can be understood, and what is wrong with the others. Raise NotFoundError."""
    main = path_of(workspace, slug)
    if not main.is_file():
        raise missing(workspace, slug)
    twins: list[Issue] = []
    faults: list[IssueError] = []
    for path in files(main.parent):
        try:
            one = _parse(workspace, slug, path)
            for other in twins:
                if other.language == one.language:
                    remedy = "keep one of them, or correct its language"
                    raise IssueError(
                        f"{other.path} is in {cited(one.language)} too", where=one.path, remedy=remedy
                    )
            twins.append(_after(twins[0], one) if twins else one)
        except IssueError as fault:
            faults.append(fault)
    return tuple(twins), tuple(faults)


def _after(main: Issue, twin: Issue) -> Issue:
    """Return *twin*, which is from whom the *main* issue is, and looks like it, unless it says otherwise."""
    return replace(
        twin,
        sender_name=twin.sender_name or main.sender_name,
        sender=twin.sender or main.sender,
        reply_to=twin.reply_to or main.reply_to,
        theme=twin.theme or main.theme,
    )


def path_of(workspace: Workspace, slug: str, language: str = "") -> Path:
    """Return where an issue's file lies, or would lie, in one language ("" is the default)."""
    own = language and language != workspace.settings.letter.language
    return workspace.issue(slug) / (f"issue.{language}.md" if own else MAIN)


def frame(workspace: Workspace, language: str) -> Frame | None:
    """Return what stands around the articles of each new issue in *language*, None for no such file.

    Raise IssueError for one that cannot be.
    """
    own = language != workspace.settings.letter.language
    path = workspace.issues / (f"frame.{language}.md" if own else "frame.md")
    return framing.parse(read(workspace, path), shown(workspace, path)) if path.is_file() else None


def shown(workspace: Workspace, path: Path) -> str:
    """Return a file's name for messages: its path within the workspace."""
    return str(path.relative_to(workspace.root)) if path.is_relative_to(workspace.root) else str(path)


def read(workspace: Workspace, path: Path) -> str:
    """Return a file's text, line ends as they are. Raise IssueError."""
    return issue.decode(path.read_bytes(), shown(workspace, path))


def slugs(workspace: Workspace) -> list[str]:
    """Return the names of all issues, in order."""
    return sorted(
        path.parent.name
        for path in workspace.issues.glob(f"*/{MAIN}")
        if path.is_file() and _can_name(workspace, path.parent.name)
    )


def saved(root: Path) -> list[str]:
    """Return the names of the issues of the workspace in *root*, the one saved last first."""
    found = [path for path in (root / "issues").glob(f"*/{MAIN}") if path.is_file()]
    found.sort(key=lambda path: (path.stat().st_mtime_ns, path.parent.name), reverse=True)
    return [path.parent.name for path in found]


def last(root: Path) -> str:
    """Return the issue that was saved last. Raise NotFoundError if there is none."""
    if not (found := saved(root)):
        raise NotFoundError("there is no issue yet", remedy="write one with `newsletter compose 2025-06`")
    return found[0]


def used(workspace: Workspace, besides: str = "") -> Mapping[str, str]:
    """Return where each article was used: its key to the slug of its issue; the first one, for several.

    The issue *besides* does not count. An issue that cannot be understood counts with what its lines say.
    """
    found: dict[str, str] = {}
    for slug in slugs(workspace):
        if slug != besides:
            for source in sources(workspace, slug):
                found.setdefault(source, slug)
    return found


def write(path: Path, text: str) -> None:
    """Write *text* to *path* as it is, line ends too: all of it, or nothing.

    A reader sees the old file or the new one. What was there keeps its mode, and a link stays a link.
    """
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.new-", dir=target.parent)
    _tidy(target, os.fstat(descriptor).st_mtime)
    try:
        with naming(path), os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _mode(target))
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _tidy(target: Path, now: float) -> None:
    """Remove what a writer of *target* left that was killed; one that is at work *now* is younger."""
    for stray in target.parent.glob(f".{escape(target.name)}.new-*"):
        with suppress(OSError):
            if now - stray.stat().st_mtime > STRAY:
                stray.unlink()


def _mode(target: Path) -> int:
    """Return the mode of the file at *target*, or the one that a new file gets."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0o022)
        os.umask(mask)
        return 0o666 & ~mask


def files(folder: Path) -> list[Path]:
    """Return the files of the issue in *folder*, the default language first; none if there is no issue."""
    twins = sorted(path for path in folder.glob("issue.*.md") if _TWIN.fullmatch(path.name))
    return [*(path for path in (folder / MAIN,) if path.is_file()), *twins]


def strays(folder: Path) -> list[str]:
    """Return the names in an issue's folder that are nearly those of twins, and are read by nobody."""
    own = {path.name for path in files(folder)}
    return sorted(path.name for path in folder.iterdir() if _NEAR.fullmatch(path.name) and path.name not in own)


def _parse(workspace: Workspace, slug: str, path: Path) -> Issue:
    """Return the issue that one file says, in the language that its name says."""
    letter = workspace.settings.letter
    name = shown(workspace, path)
    twin = _TWIN.fullmatch(path.name)
    said = twin[1] if twin else letter.language
    one = issue.parse(
        read(workspace, path), slug=slug, language=said, path=name, zone=letter.timezone, domain=letter.domain
    )
    if twin and one.language != said:
        what = f"its name says {cited(said)} and its language {cited(one.language)}"
        raise IssueError(what, where=f"{name}:{one.lines['language']}", remedy="let both say the same")
    if one.language not in letter.languages:
        where = f"{name}:{one.lines['language']}" if "language" in one.lines else name
        remedy = f"add it to languages in newsletter.toml, which are {', '.join(letter.languages)}"
        raise IssueError(f"the letter is not written in {cited(one.language)}", where=where, remedy=remedy)
    if one.theme:
        from newsletter.files.looks import themes

        if one.theme not in (known := themes.names(workspace.templates)):
            where, remedy = f"{name}:{one.lines['theme']}", meant(one.theme, known, f"known: {', '.join(known)}")
            raise IssueError(f"there is no theme {cited(one.theme)}", where=where, remedy=remedy)
    return one


def sources(workspace: Workspace, slug: str) -> Iterator[str]:
    """Yield the article keys that stand in an issue."""
    for path in files(workspace.issue(slug)):
        try:
            blocks = issue.parse(read(workspace, path), slug=slug, language="en").blocks
            yield from (one.src for one in blocks if one.src)
        except IssueError:
            text = path.read_bytes().decode("utf-8", "replace")
            yield from (re.sub(r'\\(["\\])', r"\1", source) for source in _SOURCE.findall(text))


def _can_name(workspace: Workspace, name: str) -> bool:
    """Whether a folder's name is one that a command can be given."""
    try:
        workspace.issue(name)
    except UsageError:
        return False
    return True


def unnamed(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the folders that hold an issue and whose names no command can be given, each with one that can be."""
    names = sorted(path.parent.name for path in workspace.issues.glob(f"*/{MAIN}") if path.is_file())
    return [(name, _sayable(name)) for name in names if not _can_name(workspace, name)]


def _sayable(name: str) -> str:
    """Return a name for an issue that is written nearly like *name*."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^\w.-]+", "-", plain).strip("-._")[:60] or "2025-06"


def _nearly(workspace: Workspace, slug: str) -> tuple[str, str] | None:
    """Return what stands where an issue was looked for and has another name, and what to do; None for nothing."""
    folder, lone = workspace.issue(slug), workspace.issues / f"{slug}.md"
    if lone.is_file():
        remedy = f"an issue is a folder: mkdir issues/{slug}, and move the file to issues/{slug}/{MAIN}"
        return f"the issue stands in issues/{slug}.md", remedy
    names = sorted(path.name for path in folder.glob("[Ii][Ss][Ss][Uu][Ee]*") if path.suffix[-1:] != "~")
    if not names:
        return None
    if twin := _TWIN.fullmatch(names[0]):
        first = workspace.settings.letter.language
        remedy = f"write {MAIN} too, or give this one its name and let it say language: {twin[1]}"
        return f"there is {names[0]} and no {MAIN}, which is for {first}", remedy
    return f"there is {names[0]} and no {MAIN}", f"rename it to {MAIN}"


def missing(workspace: Workspace, slug: str) -> NotFoundError:
    """Return the error for an issue that does not exist, or whose file is none."""
    where = shown(workspace, workspace.issue(slug) / MAIN)
    if os.path.lexists(workspace.issue(slug) / MAIN):
        what = "a folder, or a link that leads to no file, stands where the issue's file belongs"
        return NotFoundError(what, where=where, remedy="move it away, or put the file there")
    if near := _nearly(workspace, slug):
        what, remedy = near
        return NotFoundError(what, where=where, remedy=remedy)
    known = slugs(workspace)
    # A month is like every other month, and written as it is meant.
    meant = [] if _MONTH.fullmatch(slug) else get_close_matches(slug.removesuffix(".md"), known, 1, 0.75)
    if meant:
        remedy = f"did you mean {meant[0]}? A new one is made with: newsletter compose {slug}"
    else:
        there = f"; there are: {', '.join(known[-5:])}" if known else ""
        remedy = f"make it with: newsletter compose {slug}{there}"
    return NotFoundError(f"there is no issue {slug}", where=where, remedy=remedy)
