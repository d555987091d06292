"""Lay the pictures of articles that came from files beside the issue, where readers' mails find them."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from filecmp import cmp
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from newsletter.files import smaller
from newsletter.files.workspace import Workspace
from newsletter.model import Article, Picture

#: What mail programs show, and `serve` gives.
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"})
#: How the pages end that a browser saves.
SAVED = frozenset({".html", ".htm", ".xhtml"})
#: More bytes than this are no picture for a mail.
MOST_BYTES = 20_000_000
_IMAGE = re.compile(r"(!\[(?:\\.|[^\]\\])*\]\()([^)\s]+)(?=\))")


def beside(workspace: Workspace, slug: str, one: Article, *, copy: bool = True) -> Article:
    """Return an article whose pictures are named as they lie beside the issue *slug*; *copy* lays them there.

    Only an article that a folder of the workspace's sources holds has any, and one whose file was added by hand
    (`held`). What is not there keeps its name.
    """
    source = next((each for each in workspace.settings.sources if each.name == one.source), None)
    assets = workspace.issue(slug) / "assets"
    if source is None:
        # What came from the web has a host for its source, and keeps nothing that names a file of this machine.
        return _renamed(one, lambda src: _laid(src, assets, copy=copy)) if _is_file(one) else one
    if source.kind != "folder":
        return one
    root = (workspace.root / Path(source.url).expanduser()).resolve()
    # The guid of an article from a folder is its file's name there.
    folder = root / PurePosixPath(one.guid).parent
    return _renamed(one, lambda src: _lay(src, folder, root, assets, copy=copy))


def held(one: Article, path: Path) -> Article:
    """Return an article of the file *path* whose pictures beside it are named by where they lie.

    *path* may be anywhere on this machine, and is known by its name alone later on. A browser lays the pictures of
    a page that it saves into a folder beside it, called as the page is: the site has none by these names.
    """
    saved = path.suffix.lower() in SAVED

    def found(src: str) -> str:
        named = "/".join(urlsplit(src).path.split("/")[-2:]) if saved else src
        if _is_elsewhere(named) or (saved and not unquote(named).startswith(path.stem)):
            return src
        try:
            file = (path.parent / unquote(named)).resolve()
            return file.as_uri() if file.is_file() else src
        except (OSError, ValueError):
            return src

    return _renamed(one, found) if _is_file(one) else one


def _is_file(one: Article) -> bool:
    """Whether *one* is a Markdown file's, which calls it by its name, or a saved page's: no host ends so."""
    return one.guid == one.source or Path(one.source).suffix.lower() in SAVED


def _is_elsewhere(src: str) -> bool:
    """Whether *src* is no picture that lies beside the file that names it."""
    return ":" in src or src.startswith("/") or Path(src).suffix.lower() not in ENDINGS


def _laid(src: str, assets: Path, *, copy: bool) -> str:
    """Return the name beside the issue of the picture that `held` found at *src*, or *src* if that is none."""
    path = Path(unquote(urlsplit(src).path))
    return (
        _lay(quote(path.name), path.parent, path.parent, assets, copy=copy) if src.startswith("file:///") else src
    )


def _renamed(one: Article, name: Callable[[str], str]) -> Article:
    image = replace(one.image, src=name(one.image.src)) if isinstance(one.image, Picture) else None
    return replace(one, image=image, text=_IMAGE.sub(lambda found: found[1] + _named(found[2], name), one.text))


def _named(src: str, lay: Callable[[str], str]) -> str:
    laid = lay(src)
    return laid if re.fullmatch(r"[^\s<>()\\]+", laid) else src


def _lay(src: str, folder: Path, root: Path, assets: Path, *, copy: bool) -> str:
    """Return the name of the picture *src* beside the issue, or *src* if it is none of the folder's."""
    if _is_elsewhere(src) or src.startswith("assets/"):
        return src
    try:
        file = (folder / unquote(src)).resolve()
        if not file.is_relative_to(root) or not file.is_file() or file.stat().st_size > MOST_BYTES:
            return src
        target = _free(file, assets)
        if copy and not target.exists():
            assets.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    except (OSError, ValueError):
        return src
    return f"assets/{target.name}"


def _free(file: Path, assets: Path) -> Path:
    """Return where *file* lies in *assets* or can: not over another picture of its name."""
    stem = re.sub(r"[^\w-]+", "-", file.stem).strip("-") or "picture"
    names = (f"{stem}{f'-{number}' if number > 1 else ''}{file.suffix.lower()}" for number in range(1, 1000))
    paths = (assets / name for name in names)
    return next(path for path in paths if not path.exists() or _is_of(file, path))


def _is_of(file: Path, path: Path) -> bool:
    """Whether *path* holds what *file* does, or what was made smaller of it."""
    return any(each.is_file() and cmp(file, each, shallow=False) for each in (path, *smaller.spares(path)))
