"""Find the files of a workspace in which an address stands: lists that were imported, copies, caught mail."""

import os
import re
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, is_zipfile

from subscribers.address import naming
from subscribers.model import Address

#: How much of a file is looked at in one go, in bytes.
_CHUNK = 1 << 22

#: How SQLite calls what it keeps of a file, and beside it.
_BESIDE = ("", "-wal", "-shm", "-journal")

#: Folders that hold versions of files: what stands there is git's to forget.
_ELSEWHERE = frozenset({".git", ".venv", "node_modules"})


def of(address: Address, root: Path, known: Collection[Path]) -> Iterator[Path]:
    """Yield the files below *root* that name *address*, in any case of ASCII letters, in order of their paths.

    Not *known* ones, nor what SQLite keeps beside them. What a spreadsheet packs is looked at. Links are not
    followed, and what cannot be read is left out, as is text in UTF-16 or packed in other ways than as ZIP.
    """
    named = re.compile(naming(address).encode())
    own = {f"{path}{end}" for path in known for end in _BESIDE}
    for folder, below, names in os.walk(root):
        below[:] = sorted(set(below) - _ELSEWHERE)
        for name in sorted(names):
            path = Path(folder, name)
            if str(path) in own or path.is_symlink() or not path.is_file():
                continue
            if _stands(path, named):
                yield path


def _stands(path: Path, named: re.Pattern[bytes]) -> bool:
    try:
        if is_zipfile(path):
            with ZipFile(path) as packed:
                return any(_holds(packed.open(each), named) for each in packed.infolist())
        return _holds(path.open("rb"), named)
    # RuntimeError is that of a file with a password.
    except (OSError, BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        return False


def _holds(opened: IO[bytes], named: re.Pattern[bytes]) -> bool:
    with opened:
        rest = b""
        while chunk := opened.read(_CHUNK):
            seen = rest + chunk.lower()
            if named.search(seen):
                return True
            # An address that a chunk's end cuts is seen whole in the next one, with what is before it.
            rest = seen[-1024:]
    return False
