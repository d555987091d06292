"""Read articles from files: one document, or a folder of them."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsletter import conflict, filekind
from newsletter.errors import NotFoundError, SourceError, textual
from newsletter.files import authorsfile
from newsletter.issuefile.blocks import fence
from newsletter.model import Article, RawItem, Source
from newsletter.reading import document, feed, value
from newsletter.reading.charset import decode
from newsletter.reading.feeds import wordpress

#: The most bytes of one file, as of a page from the web.
MOST_BYTES = 5_000_000
#: The most files of a folder; a monthly letter has a few dozen articles.
MOST_FILES = 2_000
#: The language at the end of a file's name, as in ``harbour.sv.md``.
LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?$")
SPOKEN = re.compile(r"\.([a-z]{2})(?:-[A-Za-z0-9]{2,8})?$")
ENDINGS = frozenset({".md", ".mdx", ".markdown", ".txt", ".html", ".htm", ".ics", ".eml", ".mhtml"})
#: What editors write themselves, and keep in git.
WRITTEN = frozenset({".md", ".mdx", ".markdown", ".txt"})
#: What editors write articles in, too, and we do not read.
UNREAD = frozenset({".doc", ".pages", ".pdf", ".adoc", *filekind.PANDOC})

#: Folders that a site's program has for what is no page yet, or was made of pages.
KEPT = frozenset({
    *("_drafts", "_includes", "_layouts", "_site", "_data", "_sass"),
    *("archetypes", "layouts", "node_modules", "scaffolds"),
})  # fmt: skip
#: Files for those who work on a site, or for programs, by their names up to a dot; the last is a list's.
INSIDE = frozenset({
    *("readme", "license", "licence", "contributing", "code_of_conduct", "changelog"),
    *("robots", "humans", "llms", "_index"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder holds: the articles of each file, and what is wrong with the files that could not be read."""

    documents: Mapping[Path, tuple[RawItem, ...]]
    problems: tuple[SourceError, ...]


def read(path: Path, source: Source, now: datetime, *, name: str = "") -> tuple[RawItem, ...]:
    """Return the articles of the file *path*, which may be a feed. Raise SourceError or NotFoundError.

    *name* is what messages call it; what was over *now* is no event any more.
    """
    name = textual(name or path.name or path)
    try:
        if path.stat().st_size > MOST_BYTES:
            what = f"larger than {MOST_BYTES // 1_000_000} MB"
            raise SourceError(what, where=name, remedy="save the text alone, without pictures")
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError("there is no such file", where=str(path), remedy="check the name") from None
    except IsADirectoryError:
        raise SourceError(
            "this is a folder", where=name, remedy='name its files, or make it a source of kind "folder"'
        ) from None
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=name, remedy="make it readable") from None
    if feed.is_feed(data):
        return feed.items(data, source, "", now)
    if path.suffix.lower() == ".json" and (posts := wordpress.posts(value.document(decode(data)))):
        return wordpress.items(posts, source, "")
    if path.suffix.lower() in WRITTEN:
        conflict.refuse(fence.without_code(data.decode("utf-8", "replace").splitlines()), name, SourceError)
    if spoken := SPOKEN.search(path.stem):
        # The file knows better than the folder.
        source = replace(source, language=spoken[1])
    return authorsfile.named(document.read(data, source, kind=path.suffix, where=name, now=now), path)


def folder(path: Path, source: Source, now: datetime) -> Folder:
    """Return the articles of every file under *path*, in the order of their names. Raise SourceError.

    A file that cannot be read does not keep the others out. Hidden files, links that lead out of the folder, and
    what a site keeps for itself are left alone.
    """
    if not path.is_dir():
        raise SourceError(
            "there is no such folder", where=str(path), remedy="make it, or correct the source's url"
        )
    found: dict[Path, tuple[RawItem, ...]] = {}
    problems: list[SourceError] = []
    files = _files(path, ENDINGS)
    for file in files[:MOST_FILES]:
        try:
            found[file] = read(file, source, now, name=file.relative_to(path).as_posix())
        except SourceError as error:
            problems.append(error)
    if unread := _unread(path, files):
        problems.append(unread)
    return Folder(found, tuple(problems))


def is_withdrawn(path: Path, name: str, held: Folder) -> bool:
    """Whether the file *name* under *path*, which told of an article, is not there, or has none to be seen.

    *held* is what the folder holds. Only a Markdown file gives its name to what it tells.
    """
    file = path / name
    if file.suffix.lower() not in WRITTEN:
        return False
    return not held.documents[file] if file in held.documents else not file.exists()


def _unread(path: Path, read: Iterable[Path]) -> SourceError | None:
    """Return that documents under *path* are not read, None if there are none but those of what was *read*."""
    known = {file.with_suffix("") for file in read}
    names = [one.relative_to(path).as_posix() for one in _files(path, UNREAD) if one.with_suffix("") not in known]
    if not names:
        return None
    others = f" and {len(names) - 1} more" if len(names) > 1 else ""
    remedy = "save the text beside, by the same name with .txt, .md or .html"
    if names[0].casefold().endswith(filekind.PANDOC):
        remedy += f', or run in that folder: pandoc "{names[0]}" -o "{names[0].rpartition(".")[0]}.md"'
    return SourceError("documents are not read", where=f"{names[0]}{others}", remedy=remedy)


def paired(found: Mapping[Path, Sequence[Article]]) -> dict[Path, tuple[Article, ...]]:
    """Return the articles of all files; ``NAME.en.md`` and ``NAME.sv.md`` are one piece in two languages.

    So are the files of one name in folders named by languages, such as ``en/NAME.md`` and ``sv/NAME.md``.
    """
    single = {file: held[0] for file, held in found.items() if len(held) == 1}
    places = {file: _together(file, one) for file, one in single.items()}
    keys: dict[str, list[str]] = {}
    for file, place in places.items():
        keys.setdefault(place, []).append(single[file].key)
    whole = {file: tuple(held) for file, held in found.items()}
    for file, place in places.items():
        one = single[file]
        others = (key for key in keys[place] if place and key != one.key)
        whole[file] = (replace(one, twins=tuple(dict.fromkeys((*one.twins, *others)))),)
    return whole


def _together(file: Path, one: Article) -> str:
    """Return what the files of one piece have in common: their path without the language; "" for no such path.

    A folder is named by a language only if the article *one* in it is in that.
    """
    folders = ["*" if part == one.language else part for part in file.parent.parts]
    spoken = LANGUAGE.search(file.stem)
    return "/".join((*folders, LANGUAGE.sub("", file.stem))) if spoken or "*" in folders else ""


def _files(path: Path, endings: Container[str]) -> list[Path]:
    root = path.resolve()
    found = (file for file in path.rglob("*") if file.suffix.lower() in endings and file.is_file())
    own = (file for file in found if file.resolve().is_relative_to(root))
    return sorted(file for file in own if not _is_inside(file.relative_to(path)))


def _is_inside(file: Path) -> bool:
    """Whether a file of a folder is hidden, or kept by its site for itself."""
    name = file.name.partition(".")[0].casefold().replace("-", "_")
    return name in INSIDE or any(part.startswith(".") or part in KEPT for part in file.parts)
