"""Turn an issue into HTML and text for one language and segment, with marks where each reader's own words go.

    blocks -> clean HTML -> Jinja2 -> safe attributes -> MJML -> the article's CSS in place -> marks counted

Reads no file and no clock: the theme brings its templates, the caller a nonce.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from markupsafe import Markup

from newsletter import personal, spoken
from newsletter.config import Letter
from newsletter.errors import IssueError, TemplateError
from newsletter.model import Issue, Rendered, Token
from newsletter.rendering import attributes, datebook, template
from newsletter.rendering.pieces import Press
from newsletter.rendering.template import Theme

__all__ = ["Filled", "Theme", "fill", "mail", "render", "segments_in"]

SINGLE = re.compile("[A-Za-z0-9]{4,64}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter or mail as one reader gets it. *subject* and *preheader* are one line each."""

    subject: str
    preheader: str
    html: str
    text: str


def render(
    issue: Issue,
    theme: Theme,
    letter: Letter,
    *,
    segments: frozenset[str] = frozenset(),
    nonce: str,
    assets_url: str,
    archive_url: str = "",
) -> Rendered:
    """Return *issue* as readers in exactly these *segments* get it, personal fields still as marks.

    A *theme* in another language than the issue tells its readers so.
    *nonce* is letters and digits, new for each rendering. *assets_url* is the address of the issue's folder,
    ending in a slash; "" leaves paths beside the issue relative. *archive_url* is the issue's page in the
    archive, "" if it will have none. Raise IssueError for what the editor wrote,
    TemplateError for what the theme does.
    """
    if not SINGLE.fullmatch(nonce) or f"NL{nonce}" in issue.source:
        raise IssueError("this rendering's nonce cannot be used", where=issue.path, remedy="render once more")
    marks = personal.Marks(nonce)
    press = Press(issue, marks, assets_url, letter.timezone, theme.language)
    context = {
        **_common(theme, letter),
        **_written(issue.language, theme.language),
        **_said(issue, press, segments),
        "unsubscribe_url": marks.mark(Token("", "unsubscribe_url")),
        "preferences_url": marks.mark(Token("", "preferences_url")),
        "archive_url": archive_url,
        "calendar_url": partial(datebook.address, archive_url),
    }
    source, html = template.page(theme, "issue.mjml", context, f"{letter.base_url}/icons/")
    text = template.text(theme, "issue.txt", context)
    tokens = tuple(marks.tokens.values())
    _count(tokens, source, html, f"templates/{theme.name}/issue.mjml")
    return Rendered(
        issue=issue.slug,
        language=theme.language,
        segments=segments,
        subject=context["subject"],
        preheader=context["preheader"],
        html=html,
        text=text,
        tokens=tokens,
        notes=tuple(press.notes),
        written="" if issue.language == theme.language else issue.language,
        calendar=tuple(press.calendar) if archive_url else (),
        questions=tuple(press.questions),
    )


def segments_in(issues: Iterable[Issue]) -> frozenset[str]:
    """Return every segment that a block of *issues* is for."""
    return frozenset(block.segment for issue in issues for block in issue.blocks if block.segment)


def fill(rendered: Rendered, values: Mapping[str, str]) -> Filled:
    """Return *rendered* for the reader with these *values* of personal fields; "" counts as none."""
    tokens = rendered.tokens
    return Filled(
        subject=personal.fill(rendered.subject, tokens, values),
        preheader=personal.fill(rendered.preheader, tokens, values),
        html=personal.fill(rendered.html, tokens, values, in_html=True),
        text=personal.fill(rendered.text, tokens, values),
    )


def mail(theme: Theme, name: str, letter: Letter, context: Mapping[str, Any]) -> Filled:
    """Return the mail *name*: confirm, welcome or link. Raise TemplateError.

    *context* may hold ``url`` (the link that the mail is about), ``list_title``, ``name``, ``expires`` (an aware
    datetime), ``preferences_url``, ``unsubscribe_url`` and ``latest`` (title and url of the latest letter). The
    text template's first line is the subject.
    """
    expires = context.get("expires")
    known = {
        **_common(theme, letter),
        "url": letter.base_url,
        "list_title": letter.to(theme.language).name,
        "name": "",
        "preferences_url": "",
        "unsubscribe_url": "",
        "latest": None,
        **context,
        # A link that works until noon works until the day before: readers have the whole of the day they read of.
        "until": spoken.day(expires - timedelta(days=1), theme.language, letter.timezone) if expires else "",
        "pieces": (),
        "headline": True,
        "issued": None,
        "preheader": "",
    }
    text = template.text(theme, f"mail/{name}.txt", known)
    first, _, body = text.partition("\n")
    subject = " ".join(personal.CONTROLS.sub(" ", first).split())
    _, html = template.page(theme, f"mail/{name}.mjml", {**known, "subject": subject})
    return Filled(subject, "", html, body.lstrip("\n"))


def _common(theme: Theme, letter: Letter) -> dict[str, Any]:
    start, end = ("right", "left") if theme.direction == "rtl" else ("left", "right")
    return {
        "letter": letter.to(theme.language),
        "theme": theme.settings,
        "language": theme.language,
        "dir": theme.direction,
        "start": start,
        "end": end,
        "archive_url": "",
        "reader": theme.language,
        "reader_dir": theme.direction,
        "tongue": "",
        "ours": "",
    }


def _said(issue: Issue, press: Press, segments: frozenset[str]) -> dict[str, Any]:
    """Return what *issue* itself says to readers in *segments*, for the templates."""
    subject, pieces = press.plain(issue.subject), press.pieces(segments)
    return {
        "issue": issue,
        "subject": subject,
        "preheader": press.plain(issue.preheader),
        "pieces": pieces,
        "headline": any(piece.level == 1 for piece in pieces),
        "issued": spoken.issued(issue.send_at, issue.slug),
    }


def _written(language: str, reader: str) -> dict[str, str]:
    """Return what a template must know of an issue in a *language* that is not its *reader*'s."""
    if language == reader:
        return {}
    direction = spoken.locale(language).text_direction
    start, end = ("right", "left") if direction == "rtl" else ("left", "right")
    tongue, _ = spoken.tongue(language, reader)
    ours = Markup(' lang="{}" dir="{}"').format(reader, spoken.locale(reader).text_direction)
    return {"language": language, "dir": direction, "start": start, "end": end, "tongue": tongue, "ours": ours}


def _count(tokens: tuple[Token, ...], source: str, html: str, where: str) -> None:
    """Refuse a rendering in which a personal field was lost or doubled."""
    # MJML repeats the title as the label of the body.
    title = attributes.TITLE.search(source)
    repeated = title[2] if title else ""
    before, after = personal.count(source + repeated, tokens), personal.count(html, tokens)
    for token in tokens:
        if before[token.mark] != after[token.mark]:
            what = (
                f"the field {token.name} went in {before[token.mark]} times and came out {after[token.mark]} times"
            )
            remedy = "put it where readers see it, not into a tag's name or a style"
            raise TemplateError(what, where=where, remedy=remedy)
