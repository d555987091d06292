"""Write a block as its text in an issue file. The other way round is `newsletter.issuefile.blocks.block`."""

import re

from newsletter.issuefile.blocks import event, question
from newsletter.model import (
    Block,
    Brief,
    Cta,
    Divider,
    Events,
    Gallery,
    Image,
    Lead,
    Picture,
    Prose,
    Question,
    Quote,
    Story,
    Toc,
)

#: What Markdown would read as a character reference.
_REFERENCE = re.compile(r"&(?=#?\w+;)")


def write(block: Block) -> str:
    """Return the lines of *block*, fences included and without a line end after the last one.

    Prose that is for everybody and came from nowhere is its text alone.
    """
    plain = not (block.src or block.pin or block.segment or block.lang or block.sponsor)
    if isinstance(block, Prose) and block.text and plain:
        return block.text
    return fenced(block)


def fenced(block: Block) -> str:
    """Return the lines of *block* between fences, even for plain prose."""
    opening, inside = head(block), body(block)
    return "\n".join([opening, inside, ":::"] if inside else [opening, ":::"])


def head(block: Block) -> str:
    """Return the opening line of *block*."""
    values: dict[str, str] = {}
    match block:
        case Quote():
            values = {"by": block.by}
        case Cta():
            values = {"href": block.href, "label": block.label}
        case Image():
            values = {"href": block.href}
        case Events() | Toc():
            values = {"title": block.title}
        case Question():
            values = {"name": block.name}
    values |= {"src": block.src, "segment": block.segment, "lang": block.lang, "sponsor": block.sponsor}
    # A call to action without a link says so, for the editor to fill it in.
    shown = [
        f'{name}="{_quoted(value)}"'
        for name, value in values.items()
        if value or (name == "href" and isinstance(block, Cta))
    ]
    attributes = " ".join([*shown, "pin"] if block.pin else shown)
    return f"::: {kind(block)}" + (f" {{{attributes}}}" if attributes else "")


def kind(block: Block) -> str:
    """Return the word that opens *block*."""
    return type(block).__name__.lower()


def body(block: Block) -> str:
    """Return what stands between the fences of *block*."""
    match block:
        case Lead() | Story() | Brief():
            top = [f"## {block.title}"] if block.title else []
            top += [picture(block.image)] if block.image else []
            parts = ["\n".join([*top, block.text] if block.text else top)]
            parts += [f"[{block.label}]({address(block.link)})"] if block.link else []
            return "\n\n".join(part for part in parts if part)
        case Events():
            return "\n".join(event.write(one) for one in block.items)
        case Question():
            return question.write(block)
        case Image():
            return "\n\n".join(part for part in (picture(block.picture), block.caption) if part)
        case Gallery():
            shown = "\n".join(picture(each) for each in block.pictures)
            return "\n\n".join(part for part in (shown, block.caption) if part)
        case Divider() | Toc():
            return ""
        case _:
            return block.text


def picture(image: Picture) -> str:
    """Return *image* in Markdown."""
    words = re.sub(r"[\\\[\]{}]|<(?=!--)", r"\\\g<0>", " ".join(image.alt.split()))
    return f"![{_REFERENCE.sub('&amp;', words)}]({address(image.src)})"


def address(url: str) -> str:
    """Return *url* as the target of a Markdown link."""
    plain = " ".join(url.split())
    if re.fullmatch(r"[^\s<>()\\]+", plain) and not _REFERENCE.search(plain):
        return plain
    escaped = re.sub(r"[<>\\]", r"\\\g<0>", plain)
    return f"<{_REFERENCE.sub('&amp;', escaped)}>"


def _quoted(value: str) -> str:
    return " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"')
