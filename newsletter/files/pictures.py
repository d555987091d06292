"""Lay the pictures of articles that came from a folder beside the issue, where readers' mails find them."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from filecmp import cmp
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from newsletter.files import smaller
from newsletter.files.workspace import Workspace
from newsletter.model import Article, Picture

#: What mail programs show, and `serve` gives.
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"})
#: More bytes than this are no picture for a mail.
MOST_BYTES = 20_000_000
_IMAGE = re.compile(r"(!\[(?:\\.|[^\]\\])*\]\()([^)\s]+)(?=\))")


def beside(workspace: Workspace, slug: str, one: Article, *, copy: bool = True) -> Article:
    """Return an article whose pictures are named as they lie beside the issue *slug*; *copy* lays them there.

    Only an article that a folder of the workspace's sources holds has any. What is not there keeps its name.
    """
    source = next((each for each in workspace.settings.sources if each.name == one.source), None)
    if source is None or source.kind != "folder":
        return one
    root = (workspace.root / Path(source.url).expanduser()).resolve()
    # The guid of an article from a folder is its file's name there.
    folder = root / PurePosixPath(one.guid).parent
    assets = workspace.issue(slug) / "assets"

    def lay(src: str) -> str:
        return _lay(src, folder, root, assets, copy=copy)

    image = replace(one.image, src=lay(one.image.src)) if isinstance(one.image, Picture) else None
    return replace(one, image=image, text=_IMAGE.sub(lambda found: found[1] + _named(found[2], lay), one.text))


def _named(src: str, lay: Callable[[str], str]) -> str:
    laid = lay(src)
    return laid if re.fullmatch(r"[^\s<>()\\]+", laid) else src


def _lay(src: str, folder: Path, root: Path, assets: Path, *, copy: bool) -> str:
    """Return the name of the picture *src* beside the issue, or *src* if it is none of the folder's."""
    if ":" in src or src.startswith(("/", "assets/")) or Path(src).suffix.lower() not in ENDINGS:
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
