"""Bring the keys that sign mail from the settings and the disk."""

import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from newsletter.errors import RefusedError
from newsletter.files import private
from newsletter.files.workspace import Workspace
from newsletter.send.courier import Courier
from newsletter.send.seal import Sealed
from newsletter.settings.dkim import Pair

# Loaded by whoever signs: what it needs takes a tenth of a second.
if TYPE_CHECKING:
    from newsletter.mail import dkim


def signers(workspace: Workspace) -> "Sequence[dkim.Signer]":
    """Return who signs, which may be nobody. Raise NotFoundError or RefusedError for a key that cannot be used."""
    wanted = workspace.settings.dkim
    if not wanted.pairs:
        return []
    from newsletter.mail import dkim

    return [
        dkim.Signer(wanted.domain, pair.selector, key(workspace, pair.file), wanted.body) for pair in wanted.pairs
    ]


def key(workspace: Workspace, file: str) -> "dkim.Key":
    """Return the key in *file*, a path from the workspace. Raise NotFoundError or RefusedError."""
    from newsletter.mail import dkim

    path = workspace.root / file
    try:
        return dkim.load(private.key(path))
    except ValueError as error:
        remedy = "make another with `newsletter dkim init`"
        raise RefusedError(str(error), where=str(path), remedy=remedy) from None


def waiting(workspace: Workspace) -> Sequence[Pair]:
    """Return the keys that `newsletter dkim init` made, by the names that it gives to their files."""
    folder = workspace.root / "subscribers"
    names = sorted(path.stem.removeprefix("dkim-") for path in folder.glob("dkim-*.key"))
    return [Pair(name, path_of(name)) for name in names]


def path_of(selector: str) -> str:
    """Return where the key with this selector lies, from the workspace."""
    return f"subscribers/dkim-{selector}.key"


def sealed(courier: Courier, by: "Sequence[dkim.Signer]") -> Courier:
    """Return a courier that signs by *by* what it hands to *courier*."""
    return Sealed(courier, partial(_sign, by)) if by else courier


def _sign(by: "Sequence[dkim.Signer]", data: bytes) -> bytes:
    from newsletter.mail import dkim

    return dkim.sign(data, by, int(time.time()))
