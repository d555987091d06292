"""Where the content that comes with the program lies: in the package, or in the repository when it is edited."""

from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """Return the path of a shipped folder or file, such as ``templates`` or ``issues/0001-hello``."""
    inside = PACKAGE / "shipped" / name
    return inside if inside.exists() else PACKAGE.parent / name


def pages() -> dict[str, Path]:
    """Return the pages of the documentation by their names, such as ``settings``."""
    return {page.stem: page for page in sorted(shipped("docs").glob("*.md"))}
