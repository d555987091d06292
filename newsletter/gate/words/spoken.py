"""Whether the letter says what was written, in the language that it claims: lost text, words not translated."""

import re
from collections.abc import Iterator

from newsletter.entities import unescape
from newsletter.errors import shortened
from newsletter.gate.proof import Proof, error, several, warning
from newsletter.model import Divider, Events, Featured, Finding, Prose, Quote
from newsletter.reading.words.language import close, detect
from newsletter.spoken import tongue

#: So many words of a block are needed to tell its language.
ENOUGH = 25
#: A line with fewer long words says too little to miss it.
LONG_WORDS = 3

_NO_WORDS = re.compile(
    r"\{\{[^{}]{0,200}\}\}|!\[[^\[\]]{0,500}\]\([^()]{0,1000}\)|\]\([^()]{0,1000}\)|\]\[[^\[\]]{0,100}\]"
    r"|<[^<>]{0,500}>|https?://\S+|www\.\S+|\S{1,64}@\S+|`[^`]{0,500}`"
)
#: Comments, and what only some readers get.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|\{%-?\s*if\b(?:(?!\{%-?\s*if\b).)*?\{%-?\s*endif\s*-?%\}", re.DOTALL)
_SOFT = re.compile("[\u00ad\u200b\u200c\u200d\u2060]")


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what got lost, and what is in another language."""
    yield from _lost(proof)
    yield from _unmarked(proof)
    yield from _language(proof)
    yield from _untranslated(proof)


def _lost(proof: Proof) -> Iterator[Finding]:
    """Compare each line that was written with what is seen of it."""
    alts = " ".join(picture.alt or "" for picture in proof.page.pictures)
    shown = set(_words(f"{proof.page.text} {alts}"))
    rows = _for_all(proof.issue.source)
    for block in proof.issue.blocks:
        if isinstance(block, Events | Divider) or block.segment not in {"", *proof.rendered.segments}:
            continue
        for number in range(max(block.span.start, 0), min(block.span.end, len(rows))):
            if rows[number].lstrip().startswith((":::", "|", "[")):
                continue
            words = _words(_NO_WORDS.sub(" ", rows[number]))
            lost = [word for word in words if word not in shown]
            if len(words) >= LONG_WORDS and len(lost) * 2 > len(words):
                what = f"this line does not reach readers: “{shortened(rows[number], 50)}”"
                remedy = "write it in Markdown; if it is, look for a fault in the theme's template of this block"
                yield error("text-lost", f"{proof.issue.path}:{number + 1}", what, remedy)
                break


def _unmarked(proof: Proof) -> Iterator[Finding]:
    """Tell of what somebody paid for where readers do not see who, as in a template that leaves it out."""
    seen = " ".join(proof.page.text.split())
    for block in proof.issue.blocks:
        who = " ".join(block.sponsor.split())
        if who not in seen and "{{" not in who and block.segment in {"", *proof.rendered.segments}:
            remedy = 'let the template of this block include "blocks/_tongue.mjml"'
            what = f"readers do not see who paid for this: {shortened(who, 50)}"
            yield error("text-lost", f"{proof.issue.path}:{block.span.start + 1}", what, remedy)


def _words(text: str) -> list[str]:
    plain = unescape(_SOFT.sub("", text).replace("\\", ""))
    return re.findall(r"[^\W\d_]{4,}", plain.casefold())


def _for_all(source: str) -> list[str]:
    """Return the lines; what not all readers see becomes empty ones, so that the numbers stay."""
    return _UNSEEN.sub(lambda found: re.sub(r"[^\n]", "", found[0]), source).splitlines()


def _language(proof: Proof) -> Iterator[Finding]:
    for block in proof.issue.blocks:
        if not isinstance(block, Featured | Prose | Quote):
            continue
        text = _NO_WORDS.sub(" ", f"{getattr(block, 'title', '')} {block.text}")
        own = (block.lang or proof.issue.language).partition("-")[0]
        found = detect(text) if len(text.split()) >= ENOUGH else ""
        if found and not close(found, own):
            what = f"this block reads as {_name(found)} where {_name(own)} is expected: “{shortened(text, 50)}”"
            yield warning("language-other", proof.block(block), what, "translate it, or leave it out of this twin")


def _name(language: str) -> str:
    return tongue(language, "en")[0]


def _untranslated(proof: Proof) -> Iterator[Finding]:
    """Tell the theme's own words that this language has no translation for, where readers meet them."""
    seen = f"{proof.page.text}\n{proof.text}"
    left = []
    for words in proof.beside.untranslated:
        parts = [re.escape(part) for part in re.split(r"%\(\w+\)[sd]", words)]
        if re.search(r"\w{2}", words) and re.search(rf"(?<!\w){'.{1,200}'.join(parts)}(?!\w)", seen):
            left.append(words)
    if left:
        language = proof.rendered.language
        named = several(f"“{shortened(words, 40)}”" for words in left)
        what = f"words of the theme are not translated into {_name(language)}: {named}"
        # Whole, for whoever translates has to write them as they are.
        remedy = " ".join(
            [
                f"run `newsletter themes words {language}` and fill its file, or",
                'write there msgstr "…" under each:',
                *(f'msgid "{words}"' for words in left),
            ]
        )
        yield error("words-untranslated", f"templates/words/{language}.po", what, remedy)
