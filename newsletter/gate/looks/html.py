"""Whether mail programs take the HTML: its size, its structure, its styles and its pictures' files."""

import re
from collections.abc import Iterator
from math import ceil

from newsletter.errors import cited, shortened
from newsletter.gate.page.mailpage import Picture
from newsletter.gate.page.stylesheet import nested
from newsletter.gate.proof import Proof, error, several, warning
from newsletter.model import Featured, Finding

KIB = 1024
#: Gmail cuts a message's HTML off at 102 KB and hides the rest, the unsubscribe link with it.
CLIPPED = 102 * KIB
NEARLY_CLIPPED = 90 * KIB
#: About what a letter without stories has: styles, masthead, footer.
BARE = 20 * KIB
#: More than so many stories are no "story or two".
FEW = 3
#: Gmail ignores a style element beyond this many characters.
STYLE_LENGTH = 16_384
#: Deeper nesting is cut by webmail and has ended MJML itself.
DEPTH = 60
#: What no mail program runs or shows, and every spam filter counts.
FORBIDDEN = ("script", "form", "iframe", "object", "embed", "applet", "base", "frame", "frameset")


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what mail programs refuse, cut or show wrong."""
    yield from _size(proof)
    yield from _structure(proof)
    yield from _styles(proof)
    for picture in dict.fromkeys(proof.page.pictures):
        yield from _picture(proof, picture)


def _size(proof: Proof) -> Iterator[Finding]:
    size = len(proof.html.encode())
    remedy = "leave out a story or two, or link to the longer ones instead of quoting them"
    stories = sum(isinstance(block, Featured) for block in proof.issue.blocks)
    if (much := ceil(stories * (size - CLIPPED) / max(size - BARE, 1))) > FEW:
        remedy = f"leave out about {much} of its {stories} stories, or make briefs of many: they are lighter"
    if size > CLIPPED:
        what = f"the HTML has {size / KIB:.0f} KB; Gmail cuts it off at 102, with the link to unsubscribe"
        yield error("size-clipped", "html", what, remedy)
    elif size >= NEARLY_CLIPPED:
        what = f"the HTML has {size / KIB:.0f} KB; Gmail cuts it off at 102"
        yield warning("size-large", "html", what, remedy)


def _structure(proof: Proof) -> Iterator[Finding]:
    page, source = proof.page, proof.html
    if not re.match(r"\s*<!doctype html", source, re.IGNORECASE):
        what = "the HTML has no doctype; programs show it in their oldest way"
        yield error("html-doctype", "html", what, "begin the theme with <!doctype html>")
    if not any("utf-8" in " ".join(meta.attributes.values()).casefold() for meta in page.named("meta")):
        yield error("html-charset", "html", "the HTML does not say that it is UTF-8", 'add <meta charset="utf-8">')
    if broken := page.named(*FORBIDDEN):
        what = f"mail programs refuse {several(f'<{element.name}>' for element in broken)}"
        yield error(
            "html-forbidden",
            proof.template(*(f"<{each.name}" for each in broken)),
            what,
            "take it out of the theme or the text",
        )
    handlers = [name for element in page.elements for name in element.attributes if name.startswith("on")]
    if handlers:
        what = f"there is a script in an attribute: {several(handlers)}"
        yield error(
            "html-script",
            proof.template(*(f"{name}=" for name in handlers)),
            what,
            "take it out of the theme or the text",
        )
    yield from _consistent(proof)


def _consistent(proof: Proof) -> Iterator[Finding]:
    ids = [name for element in proof.page.elements if (name := element.attributes.get("id"))]
    if repeated := {name for name in ids if ids.count(name) > 1}:
        what = f"an id stands more than once: {several(sorted(repeated))}"
        yield error(
            "html-duplicate-id",
            proof.template(*(f'id="{name}"' for name in repeated)),
            what,
            "give each element of the theme an id of its own",
        )
    if proof.page.repeated:
        what = f"an attribute stands twice on one element: {several(proof.page.repeated)}"
        yield error("html-duplicate-attribute", "html", what, "write it once in the theme")
    if (deepest := max(element.depth for element in proof.page.elements)) > DEPTH:
        what = f"elements are nested {deepest} deep; webmail cuts off below {DEPTH}"
        yield error("html-depth", "html", what, "take out what nests without need")
    if not _balanced(proof.html):
        what = "a conditional comment for Outlook is not closed; Outlook hides what follows"
        yield error("html-mso", "html", what, "close each <!--[if mso]> of the theme with <![endif]-->")


def _balanced(source: str) -> bool:
    """Whether Outlook's conditional comments open and close in turn, never one in another."""
    marks = re.findall(r"<!(?:--)?\[(if\b|endif\b)", source)
    return len(marks) % 2 == 0 and all(
        mark == ("if" if number % 2 == 0 else "endif") for number, mark in enumerate(marks)
    )


def _styles(proof: Proof) -> Iterator[Finding]:
    for style in proof.page.styles:
        if len(style) > STYLE_LENGTH:
            what = f"a style element has {len(style):,} characters; Gmail ignores those over {STYLE_LENGTH:,}"
            yield error("css-long", "html", what, "shorten the theme's CSS, or split it")
        if nested(style):
            what = "a rule with @ stands inside another; Gmail drops the whole style element"
            yield error("css-nested", "html", what, "write the two conditions one after the other")
    sheets = [
        link for link in proof.page.named("link") if "stylesheet" in link.attributes.get("rel", "").casefold()
    ]
    if sheets or any("@import" in style for style in proof.page.styles):
        what = "styles are loaded from elsewhere; mail programs do not load them"
        yield error("css-external", "html", what, "put the styles into the theme's own CSS")


def _picture(proof: Proof, picture: Picture) -> Iterator[Finding]:
    src, place = picture.src.strip(), proof.near(picture.src)
    name = shortened(src.rpartition("/")[2] or src, 40)
    if src.casefold().startswith("data:"):
        what = "a picture stands in the HTML itself; Gmail and Outlook do not show it"
        yield error("image-inline", place, what, "put the file into the issue's assets folder")
    elif not src and any(note.startswith("link-left-out: ") for note in proof.rendered.notes):
        # Its address was taken out, and that is told where it stands.
        return
    elif not re.match(r"https?://", src, re.IGNORECASE):
        what = f"a picture has no complete address: {cited(shortened(src))}"
        themed = place.startswith("templates/")
        remedy = "put it on the web, and write its whole address: https://…"
        yield error("image-relative", place, what, remedy if themed else f"{remedy}; or put the file into assets/")
    elif re.search(r"\.(?:webp|avif|svg)(?:[?#]|$)", src, re.IGNORECASE):
        what = f"some mail programs cannot show {name}"
        yield warning("image-format", place, what, "save it as JPEG or PNG")
    if picture.width is not None and not re.fullmatch(r"[1-9]\d{0,4}", picture.width):
        what = f"the width of {name} is {cited(picture.width)}; Outlook wants a whole number"
        yield warning("image-width", place, what, 'write the width in pixels without a unit, such as width="600"')
