"""The words of letters, mails and pages in other languages: ``templates/words/LANGUAGE.po``.

English stands in the templates and needs no file. A workspace's own file goes before the shipped one, word by
word.
"""

import gettext
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from newsletter.errors import SettingsError


def load(templates: tuple[Path, ...], language: str) -> gettext.NullTranslations:
    """Return the words in *language*, or in its general form (``pt`` for ``pt-BR``), or the templates' own.

    *templates* are the folders of templates, the one that counts most first. Raise SettingsError for a file that
    is no word list.
    """
    words = gettext.NullTranslations()
    for code in dict.fromkeys((language.partition("-")[0], language)):
        for folder in reversed(templates):
            path = folder / "words" / f"{code}.po"
            if path.is_file():
                own = read(path)
                own.add_fallback(words)
                words = own
    return words


def read(path: Path) -> gettext.GNUTranslations:
    """Return the words of one file. Raise SettingsError."""
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        compiled = BytesIO()
        write_mo(compiled, catalog)
    except PoFileError as error:
        remedy = 'each word is a line msgid "English" and a line msgstr "translation"'
        raise SettingsError(
            f"not a word list: {error}", where=f"{path}:{error.lineno + 1}", remedy=remedy
        ) from None
    except (UnicodeDecodeError, LookupError) as error:
        raise SettingsError(f"not UTF-8 ({error})", where=str(path), remedy="save it as UTF-8") from None
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
