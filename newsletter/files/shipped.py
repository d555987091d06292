"""Where the content that comes with the program lies: in the package, or in the repository when it is edited."""

import shutil
from pathlib import Path

from newsletter.errors import naming

PACKAGE = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """Return the path of a shipped folder or file, such as ``templates`` or ``issues/0001-hello``."""
    inside = PACKAGE / "shipped" / name
    return inside if inside.exists() else PACKAGE.parent / name


def lay(source: Path, folder: Path) -> None:
    """Copy all that lies in the folder *source* into *folder*. Raise OSError, which names the file.

    Modes are not copied: an installation that nobody may write to would make a letter that nobody can edit.
    """
    folder.mkdir(exist_ok=True)
    for path in source.iterdir():
        place = folder / path.name
        if path.is_dir():
            lay(path, place)
        else:
            with naming(place):
                shutil.copyfile(path, place)


def pages() -> dict[str, Path]:
    """Return the pages of the documentation by their names, such as ``settings``."""
    return {page.stem: page for page in sorted(shipped("docs").glob("*.md"))}
