"""The words of letters, mails and pages in other languages: ``templates/words/LANGUAGE.po``.

English stands in the templates and needs no file. A workspace's own file goes before the shipped one, word by
word.
"""

import gettext
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from newsletter import conflict
from newsletter.errors import SettingsError
from newsletter.files.looks import memory
from subscribers import tongue

#: The language that templates are written in.
OWN = "en"
#: Whose words do for readers of a language that has no list of its own.
INSTEAD = {"nn": "nb", "no": "nb"}

#: The most memory that reading a word list may take, in bytes: a hundred times what ours do.
MEMORY = 64_000_000

_REMEDY = 'each word is a line msgid "English" and a line msgstr "translation"'

#: A line that says nothing, a comment, or a text in quotes behind its keyword, if it has one.
_LINE = re.compile(rb'\s*(#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d+\])?)\s*)?"([^"\\]|\\.)*"\s*)?')
_FIELD = re.compile(r"%\((\w+)\)s")


def load(templates: tuple[Path, ...], language: str) -> gettext.NullTranslations:
    """Return the words in *language*, or in one that does instead (``pt`` for ``pt-BR``), or the templates' own.

    *templates* are the folders of templates, the one that counts most first. Raise SettingsError for a file that
    is no word list.
    """
    return _loaded(templates, reversed(codes(language)))


def codes(language: str) -> tuple[str, ...]:
    """Return the codes of the word lists that readers of *language* get words from, the one that counts first."""
    base = tongue.base(language)
    return tuple(dict.fromkeys((language, base, INSTEAD.get(base, base))))


def shipped(templates: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the languages that words are shipped in, English among them."""
    return tuple(sorted({OWN, *(path.stem for path in (templates[-1] / "words").glob("*.po"))}))


def _loaded(templates: tuple[Path, ...], codes: Iterable[str]) -> gettext.NullTranslations:
    """Return the words of the lists *codes*, each before those that stand before it."""
    words = gettext.NullTranslations()
    for code in codes:
        for folder in reversed(templates):
            path = folder / "words" / f"{code}.po"
            if path.is_file():
                own = read(path)
                own.add_fallback(words)
                words = own
    return words


def spoken(templates: tuple[Path, ...], language: str) -> str:
    """Return the language that our words for readers of *language* are in: English where it has no word list."""
    base = tongue.base(language)
    places = ((code, folder / "words" / f"{code}.po") for code in codes(language) for folder in templates)
    found = next((code for code, path in places if _says(path)), OWN)
    return language if base in {found, OWN} else found


def missing(templates: tuple[Path, ...], language: str, more: Sequence[str] = ()) -> str:
    """Return, as lines of a word list, the English words that nobody has put into *language*; "" for none.

    They are those of the shipped lists, and *more*. What waits in the workspace's own list is not named again.
    """
    model = _catalog(templates[-1] / "words" / "sv.po")
    own = templates[0] / "words" / f"{language}.po"
    waits = {message.id for message in _catalog(own)} if own.is_file() else set()
    done = _loaded(templates, (tongue.base(language), language))
    comments = {str(message.id): message.user_comments for message in model if message.id}
    rows = [
        "\n".join([*(f"# {each}" for each in comments.get(words, ())), f"msgid {_quote(words)}", 'msgstr ""', ""])
        for words in dict.fromkeys((*comments, *more))
        if words not in waits and not has(done, words)
    ]
    return "\n".join(rows)


def known(templates: tuple[Path, ...], more: Sequence[str]) -> frozenset[str]:
    """Return the English words that templates say: those of the shipped list, and *more*."""
    return frozenset({str(message.id) for message in _catalog(templates[-1] / "words" / "sv.po")} | {*more})


def unsaid(templates: tuple[Path, ...], language: str, more: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return what the workspace's own lists for *language* translate and nothing says: the place and the words.

    *more* is what the workspace says itself, in its templates and settings.
    """
    told, found = known(templates, more), []
    for code in reversed(codes(language)):
        path = templates[0] / "words" / f"{code}.po"
        for message in _catalog(path) if path.is_file() else ():
            text = _forms(message.id)[0]
            if text and message.string and text not in told:
                found.append((f"{'/'.join(path.parts[-3:])}:{message.lineno or 1}", text))
    return tuple(found)


def _catalog(path: Path) -> Catalog:
    read(path)
    return read_po(BytesIO(path.read_bytes()))


def has(words: gettext.NullTranslations | None, text: str) -> bool:
    """Whether *words*, or what stands behind them, translate *text*; the translation may be the same word."""
    while words is not None:
        if text in getattr(words, "_catalog", {}):
            return True
        words = getattr(words, "_fallback", None)
    return False


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _says(path: Path) -> bool:
    """Whether there is a word list at *path* with at least one translation in it."""
    return path.is_file() and any(getattr(read(path), "_catalog", {}).keys() - {""})


def read(path: Path) -> gettext.GNUTranslations:
    """Return the words of one file. Raise SettingsError."""
    return gettext.GNUTranslations(BytesIO(_compiled(path.read_bytes(), "/".join(path.parts[-3:]))))


@lru_cache(maxsize=32)
def _compiled(text: bytes, shown: str) -> bytes:
    """Return the words of a list as a program reads them, which is done once for each text. Raise SettingsError.

    *shown* is the file's name in messages, here and below.
    """
    conflict.refuse(text.decode("utf-8", "replace").removeprefix("\ufeff").splitlines(), shown, SettingsError)
    try:
        with memory.room(MEMORY):
            catalog = read_po(BytesIO(text), abort_invalid=True)
        _quoted(text, shown)
        _filled(catalog, shown)
        compiled = BytesIO()
        write_mo(compiled, catalog)
    except PoFileError as error:
        what = f"not a word list: {re.sub(r' on [0-9]+$', '', str(error)).lower()}"
        raise SettingsError(what, where=f"{shown}:{error.lineno + 1}", remedy=_REMEDY) from None
    except (UnicodeDecodeError, LookupError) as error:
        raise SettingsError(f"not UTF-8 ({error})", where=shown, remedy="save it as UTF-8") from None
    except (ValueError, MemoryError):
        # What counts the forms of a word is read as it comes, and as many are made as it says.
        what = "not a word list: it has no number of forms for one thing and for many"
        raise SettingsError(what, where=shown, remedy="write nplurals=2, msgstr[0] and msgstr[1]") from None
    return compiled.getvalue()


def _quoted(text: bytes, shown: str) -> None:
    """Raise SettingsError for a text without its quotes, whose first and last letter would be taken for them."""
    for number, line in enumerate(text.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if not _LINE.fullmatch(line):
            raise SettingsError("a text needs quotes at both ends", where=f"{shown}:{number}", remedy=_REMEDY)


def _filled(catalog: Catalog, shown: str) -> None:
    """Raise SettingsError for a translation with a field that its English words do not have."""
    for message in catalog:
        known = _fields(message.id)
        for name in _fields(message.string or "") - known:
            remedy = f"write {' and '.join(f'%({one})s' for one in sorted(known))}" if known else "leave it out"
            where = f"{shown}:{message.lineno or 1}"
            raise SettingsError(f"the English words have no %({name})s", where=where, remedy=remedy)


def _fields(words: str | Sequence[str]) -> set[str]:
    """Return the names of the fields in *words*, which are one text or the forms of a plural."""
    return {name for text in _forms(words) for name in _FIELD.findall(text)}


def _forms(words: str | Sequence[str]) -> Sequence[str]:
    """Return *words* as the forms of a plural, which may be one."""
    return [words] if isinstance(words, str) else words
