"""Find the files of a workspace in which an address stands: lists that were imported, copies, caught mail."""

import gzip
import os
import re
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, cast
from zipfile import BadZipFile, ZipFile, is_zipfile

from subscribers.address import naming
from subscribers.model import Address

#: How much of a file is looked at in one go, in bytes.
_CHUNK = 1 << 22

#: How a file begins that gzip packed (RFC 1952 section 2.3.1).
_GZIP = b"\x1f\x8b"

#: How SQLite calls what it keeps of a file, and beside it.
_BESIDE = ("", "-wal", "-shm", "-journal")

#: Folders that hold versions of files: what stands there is git's to forget.
_ELSEWHERE = frozenset({".git", ".venv", "node_modules"})


def of(address: Address, root: Path, known: Collection[Path]) -> Iterator[Path]:
    """Yield the files below *root* that name *address*, in any case of ASCII letters, in order of their paths.

    Not *known* ones, nor what SQLite keeps beside them. What a spreadsheet or gzip packs is looked at, and text in
    UTF-16 too. Links are not followed, and what cannot be read, or is packed in other ways, is left out.
    """
    named = _spelt(address)
    own = {f"{path}{end}" for path in known for end in _BESIDE}
    for folder, below, names in os.walk(root):
        below[:] = sorted(set(below) - _ELSEWHERE)
        for name in sorted(names):
            path = Path(folder, name)
            if str(path) in own or path.is_symlink() or not path.is_file():
                continue
            if _stands(path, named):
                yield path


def _spelt(address: Address) -> re.Pattern[bytes]:
    """Return a pattern of what names *address* in small letters, in UTF-8 and in both kinds of UTF-16."""
    words = sorted({address.typed.lower(), address.canonical})
    # A program that packs its strings writes how long they are before them, which is no letter.
    little = b"|".join(re.escape(word.encode("utf-16-le").lower()) for word in words)
    big = b"|".join(re.escape(word.encode("utf-16-be").lower()) for word in words)
    return re.compile(
        naming(address).encode()
        + rb"|(?<![\w.+-]\x00)(?:%s)(?![\w-]\x00|\.\x00\w\x00)" % little
        + rb"|(?<!\x00[\w.+-])(?:%s)(?!\x00[\w-]|\x00\.\x00\w)" % big
    )


def _stands(path: Path, named: re.Pattern[bytes]) -> bool:
    try:
        if is_zipfile(path):
            with ZipFile(path) as packed:
                return any(_holds(packed.open(each), named) for each in packed.infolist())
        with path.open("rb") as opened:
            is_gzip = opened.read(2) == _GZIP
        return _holds(cast(IO[bytes], gzip.open(path)) if is_gzip else path.open("rb"), named)
    # RuntimeError is that of a file with a password.
    except (OSError, EOFError, BadZipFile, NotImplementedError, RuntimeError, zlib.error):
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
