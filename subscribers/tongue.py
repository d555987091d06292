"""Which languages are one to a reader, and which of them a word names."""

import re
from collections.abc import Iterable
from functools import lru_cache

from subscribers.errors import PeopleError, cited

#: What else stands for a language: who reads the one reads the other. Source: CLDR, parent locales.
KIN = {"nb": "no", "nn": "no"}
#: The languages in whose words languages are named, the likeliest first.
NAMING = ("en", "sv", "nb", "da", "fi", "de", "nl", "fr", "es", "pl", "it", "et", "uk", "nn")
#: What the code of a country is taken for, by many, that is the code of another language too: Northern Sami, Ewe.
MISTAKEN = {"se": "sv", "ee": "et"}
#: Undetermined, several, and none (ISO 639-2).
NO_LANGUAGE = frozenset({"und", "mul", "zxx"})
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
#: Between two languages, or a language and what is said of it: ``Swedish (Sweden)``, ``sv-SE,sv;q=0.9``.
_APART = re.compile(r"[,;/|()]")


def base(language: str) -> str:
    """Return a code without its region, in small letters: ``pt`` for ``pt-BR``."""
    return language.partition("-")[0].lower()


@lru_cache(maxsize=1024)
def root(language: str) -> str:
    """Return what languages have in common that are one to a reader: ``no`` for ``nb-NO``."""
    return KIN.get(base(language), base(language))


def nearest(language: str, offered: Iterable[str]) -> str:
    """Return which of *offered* readers of *language* read as their own, the nearest first; "" for none.

    That is the same one, the same without its region, or with another, or its kin: ``nb`` for ``nn``.
    """
    same = {
        code: (code.lower() == language.lower(), code.lower() == base(language), base(code) == base(language))
        for code in offered
        if root(code) == root(language)
    }
    return max(same, key=same.__getitem__, default="")


def kin(offered: Iterable[str]) -> dict[str, str]:
    """Return for each language without a region which of *offered* is `nearest` to it, where there is one."""
    choice = tuple(offered)
    roots = {root(code) for code in choice}
    bases = [*map(base, choice), *roots, *(near for near, far in KIN.items() if far in roots)]
    return {one: nearest(one, choice) for one in dict.fromkeys(bases)}


def read(text: str, offered: tuple[str, ...] = ()) -> str:
    """Return the language that *text* is `named`; "" where it says none. Raise PeopleError for no language."""
    code = named(text, offered)
    if not code and text.strip().lower() not in {"", *NO_LANGUAGE}:
        raise PeopleError(f"{cited(text.strip()[:40])} is no language", remedy="use a code such as sv or en")
    return code


def coded(text: str) -> bool:
    """Whether *text* can only be meant as a code, known or not: two letters, or a code with a region."""
    word = text.strip()
    return bool(_CODE.fullmatch(word)) and (len(word) == 2 or "-" in word or "_" in word)


@lru_cache(1000)
def named(text: str, offered: tuple[str, ...] = ()) -> str:
    """Return the code (BCP 47) of the language that *text* names by code or word; "" for none.

    One of *offered* is preferred: ``sv-SE``, ``swe`` and the country's ``SE`` are ``sv`` where that is there.
    """
    code = next(filter(None, (_code(word.strip()) for word in _APART.split(text))), "")
    return nearest(code, offered) or nearest(MISTAKEN.get(code, ""), offered) or code


def _code(word: str) -> str:
    """Return the code that *word* is or names, as BCP 47 writes it; "" for none."""
    from babel.core import get_global

    if _CODE.fullmatch(word):
        main, _, region = word.lower().replace("_", "-").partition("-")
        # Of three letters where there are two, and those that were: ``swe``, ``iw``.
        main = str(get_global("language_aliases").get(main) or main).replace("_", "-")
        if len(main) == 2 and main not in _names(NAMING[0]).values():
            return _of_country(main)
        return "" if main in NO_LANGUAGE else f"{main}-{region.upper()}" if region else main
    return next(filter(None, (_names(tongue).get(word.casefold(), "") for tongue in NAMING)), "")


def _of_country(code: str) -> str:
    """Return the language of the country whose code (ISO 3166) *code* is; "" for no country."""
    from babel import Locale
    from babel.core import get_global

    # English is what CLDR takes for likely where it says nothing.
    likely = str(get_global("likely_subtags").get(f"und_{code.upper()}", "en")).partition("_")[0]
    # ZZ stands for a country that nobody knows.
    return likely if code != "zz" and code.upper() in Locale(NAMING[0]).territories else ""


@lru_cache(len(NAMING))
def _names(tongue: str) -> dict[str, str]:
    """Return the codes of languages by what they are called in *tongue*."""
    from babel import Locale

    return {name.casefold(): code.replace("_", "-") for code, name in Locale(tongue).languages.items()}
