"""Where the content that comes with the program lies: in the package, or in the repository when it is edited."""

from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """Return the path of a shipped folder or file, such as ``templates`` or ``issues/0001-hello``."""
    inside = PACKAGE / "shipped" / name
    return inside if inside.exists() else PACKAGE.parent / name
