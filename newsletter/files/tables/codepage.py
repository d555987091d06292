"""Tell in which code page the letters of a file are, by how often each language writes its own.

A file of one byte a letter does not say what its bytes mean: ``\\xf8`` is ø in Denmark, ř in Prague, ų in Vilnius,
ψ in Athens and ш in Sofia. That page is taken whose letters are likeliest in one of its languages. Knows
nothing of Unicode, nor of pages of two bytes a letter.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import log

#: How often each letter beyond ASCII stands in names and texts of a language, beside the others of it.
_WEST = {
    "sv": "ä18 å14 ö13 é3",
    "no da": "ø10 å11 æ5 é1",
    "de": "ü10 ä6 ö4 ß4",
    "fr": "é20 è3 ê2 ç2 à4 ë2 ï1 ô2 î1 û1 œ1 â1 ù1",
    "es": "ó9 í8 á7 é5 ñ4 ú2 ü1",
    "pt": "ã8 ç6 á5 é5 ó4 í3 ê4 õ2 â2 ú2 ô2 à1",
    "it": "è5 à8 ò3 ù3 ì2 é1",
    "nl": "ë20 é6 ï5 ö2 è1 ü1",
    "is fo": "ð10 í8 á9 ó6 þ4 ö5 é3 æ4 ú4 ý2 ø1",
    "et": "ä10 õ9 ü7 ö3 š2 ž2",
    "all": "é14 ö12 ä11 å10 ü9 ø6 á6 ó5 í5 è3 ç3 ñ3 æ3 ß2 ã2 ë2 ê1 ï1 ô1 ú2 à1 â1 ð1 ý1 õ1 î1 û1 š2 ž2 œ1 ò1 ÿ1",
}
_CENTRAL = {
    "cs": "í17 á14 é8 ý6 ě10 š8 č7 ž7 ř7 ů4 ú2 ň1 ó1 ť1 ď1",
    "sk": "á13 í9 é6 ý7 č7 š7 ž7 ľ4 ť4 ú6 ô2 ň2 ó2 ä1 ď1",
    "hu": "á16 é14 ö6 ó6 ő5 í4 ü3 ú3 ű2",
    "pl": "ł11 ą7 ę6 ó6 ż6 ś5 ć3 ń4 ź1",
    "ro": "ă12 ş9 ţ8 î6 â5",
    "hr": "č8 ć9 š8 ž6 đ4",
    "sl": "č9 š8 ž6",
}
_BALTIC = {
    "lv": "ā16 ē7 ī8 š6 ņ3 ū3 ļ3 ž3 č1 ķ2 ģ1",
    "lt": "ė7 ų6 ž5 š7 į3 ū4 č3 ą3 ę1",
    "et": "ä10 õ9 ü7 ö3 š2 ž2",
}
_TURKISH = {"tr": "ı16 ü7 ş7 ğ5 ç5 ö4 i̇1 â1"}
_CYRILLIC = {
    "ru": "о11 е9 а10 и8 н8 т5 с5 р5 в6 л5 к5 м3 д3 п2 у3 я3 ы2 ь2 г2 з2 б2 ч2 й2 х1 ж1 ш1 ю1 ц1 щ1 э1 ф1 ё1",
    "uk": "о9 а10 и6 і7 н7 в6 е5 р5 т4 с4 к5 у4 л4 д3 м3 п2 я3 з2 ь2 б2 г2 й2 ч2 х1 ц1 ю1 ж1 ї1 є1 ш1 щ1 ф1 ґ1",
    "sr": "а12 о9 и9 е9 н6 т4 р5 с5 в4 д4 к4 л4 ј4 м3 п3 у4 з2 б2 г2 ч1 ж1 ш1 ц1 ћ1 ђ1 љ1 њ1 џ1 х1 ф1",
    "bg": "а13 о9 и9 е9 н7 т7 р5 с5 в4 д4 к4 л4 м3 п3 у2 з2 б2 г2 ъ2 я2 ч1 ж1 ш1 ц1 х1 й1 ф1 щ1 ю1",
}
_GREEK = {
    "el": "α11 ο9 ι8 ε8 τ7 σ5 ν6 η4 υ4 ρ4 π4 κ4 μ3 λ4 ς4 ω2 ί3 ά3 ό2 έ2 γ2 δ2 ή2 χ1 θ2 ύ2 ώ2 φ1 β1 ξ1 ζ1 ψ1 ϊ1"
}
_HEBREW = {"he": "י11 ו10 ה9 ל8 א7 ר6 ת5 ב5 ש5 מ5 ם4 נ3 ח3 ד3 ע3 ק2 פ2 כ2 ן2 ג1 ט1 ז1 ס2 צ1 ף1 ץ1 ך1"}
_ARABIC = {
    "ar": "ا13 ل12 ي8 م7 ن6 و6 ر5 ت4 ب4 ع4 د4 ه3 س3 ف3 ح3 ة3 ك2 ق2 أ2 ج2 ش2 ص1 ط1 خ1 ى1 إ1 ذ1 ز1 ض1 ث1 غ1 ئ1 آ1 ء1"
}

#: The code pages, each with the languages that are written in it; Windows' first, then Macs', Unix's and DOS's.
_PAGES: Mapping[str, Mapping[str, str]] = {
    "cp1252": _WEST,
    "cp1250": _CENTRAL,
    "cp1251": _CYRILLIC,
    "cp1253": _GREEK,
    "cp1254": _TURKISH,
    "cp1257": _BALTIC,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
    "mac_roman": _WEST,
    "mac_latin2": _CENTRAL,
    "mac_cyrillic": _CYRILLIC,
    "iso8859_2": _CENTRAL,
    "iso8859_7": _GREEK,
    "iso8859_13": _BALTIC,
    "koi8_r": _CYRILLIC,
    "koi8_u": _CYRILLIC,
    "cp850": _WEST,
    "cp852": _CENTRAL,
    "cp866": _CYRILLIC,
    "iso8859_5": _CYRILLIC,
}
#: What counts for a page before a letter is read: nearly all files are Windows', and of the west.
_BEFORE = {"cp1252": 3.0} | dict.fromkeys(
    ("mac_roman", "mac_latin2", "mac_cyrillic", "cp850", "cp852", "cp866"), -1.5
)
#: Signs that people type in any language: quotation marks, dashes, the euro.
_SIGNS = frozenset("’‘“”„–—…€£§°²³´·«»©®™½¼\xa0")
#: Those of them that stand within a word, behind one and before one.
_WITHIN = frozenset("’‘´·–—\xa0")
_AFTER, _AHEAD = frozenset("’”“»…–—°²³´®™\xa0"), frozenset("‘“„«–—£€§©\xa0")
#: Where other scripts than the Latin begin.
_LATIN = "\u0370"
#: What a character counts that is no letter of the language: a sign, another letter, what nobody types.
_SIGN, _FOREIGN, _ODD = log(0.03), log(0.002), log(0.00002)
#: What a character counts more where it hardly stands: a capital behind a small letter, a sign within a word.
_MISPLACED = -3.0
#: So many bytes of words are looked at: enough for any language, and read in a moment.
_ENOUGH = 1 << 14
#: Words with a letter beyond ASCII.
_WORDS = re.compile(rb"[A-Za-z0-9]{0,40}[\x80-\xff][A-Za-z0-9\x80-\xff]{0,80}")


def likeliest(chunks: Iterable[bytes]) -> str:
    """Return the name of the code page that a text in *chunks* is written in; Windows-1252 where nothing tells."""
    words = b"\n".join(_some(chunks))
    return max(_PAGES, key=lambda page: _likely(words, page)) if words else "cp1252"


def _some(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the first different words beyond ASCII. One that a chunk's end cuts is two."""
    seen: set[bytes] = set()
    length = 0
    for chunk in chunks:
        for found in _WORDS.finditer(chunk):
            word = found[0]
            if word not in seen:
                seen.add(word)
                length += len(word)
                yield word
            if length > _ENOUGH:
                return


def _likely(words: bytes, page: str) -> float:
    """Return how likely it is that *words* are written in a *page*, as a logarithm."""
    text = words.decode(page, "replace")
    counted = Counter(each for each in text if each > "\x7f")
    language = max(
        sum(number * _worth(each, likely) for each, number in counted.items()) for likely in _languages(page)
    )
    return _BEFORE.get(page, 0.0) + language + _MISPLACED * sum(map(_odd, text, text[1:], f"{text[2:]} "))


def _worth(character: str, likely: Mapping[str, float]) -> float:
    if (known := likely.get(character.lower())) is not None:
        return known
    if character in _SIGNS:
        return _SIGN
    return _FOREIGN if character.isalpha() else _ODD


def _odd(before: str, character: str, behind: str) -> bool:
    """Whether a *character* hardly stands *before* one and *behind* another."""
    if before.isascii() and character.isascii():
        return False
    if not character.isalpha():
        if before.isalpha() and behind.isalpha():
            return character not in _WITHIN
        return (before.isalpha() and character not in _AFTER) or (behind.isalpha() and character not in _AHEAD)
    if not before.isalpha():
        return before.isdigit()
    # Small before capital, or Latin beside Cyrillic.
    return (before.islower() and character.isupper()) or (before < _LATIN) != (character < _LATIN)


@cache
def _languages(page: str) -> tuple[Mapping[str, float], ...]:
    """Return for each language of a page how likely its letters are, as logarithms."""
    return tuple(_shares(letters) for letters in _PAGES[page].values())


def _shares(letters: str) -> Mapping[str, float]:
    counted = {
        each[: -len(digits)]: int(digits) for each in letters.split() if (digits := re.sub(r"\D", "", each))
    }
    whole = sum(counted.values())
    return {letter: log(number / whole) for letter, number in counted.items()}
