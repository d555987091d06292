"""Make an Article of what a source gave: one identity, clean words, a summary, a language, a date."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsletter import sentence
from newsletter.entities import unescape
from newsletter.issuefile import dialect
from newsletter.kin.identity import canonical_url, clean_url, key
from newsletter.model import Article, Picture, RawItem
from newsletter.reading.html import markup
from newsletter.reading.words import dates, happening, language, writer
from newsletter.reading.words.paragraphs import clean, visible
from subscribers import tongue

#: At most this long, in characters.
TITLE, SUMMARY, TAG = 300, 280, 60
#: A summary is made of so much of a text, in characters.
OPENING = 3 * SUMMARY
#: What stands above the first heading says what an article is about, if it has so many characters; so does what
#: stands above the first quote, as what goes on behind that speaks of who was quoted, and above an interview's
#: first question, a paragraph in another hand, as its answer is another person's.
OPENED = 100
HEADING = re.compile(r"^(?:(?:#{1,6}|::: quote) |(\*{1,3})[^*\n]{1,300}\?[\"”»]?\1$)", re.MULTILINE)
#: How a paragraph ends that is no label and no number of something.
ENDED = re.compile(r"[.!?…:;,][\"”’»)\]]*$")
TAGS = 20
#: What programs file under that nobody has filed.
UNFILED = frozenset({"uncategorized", "uncategorised", "okategoriserade", "okategoriserad", "allgemein"})
#: A language is named in at most so many characters.
SPOKEN = 100
#: A date more than this ahead is a mistake of the source, or of its clock.
AHEAD = timedelta(days=1)
#: Nobody published on the web before this; a date that says so is a zero.
EARLIEST = datetime(1993, 4, 30, tzinfo=UTC)
#: A paragraph that is an image, what may stand under it, and who took it.
DRAWN = re.compile(r"^!\[(?P<alt>(?:\\.|[^\]\\\n])*)\]\((?P<src>[^()\s]+)\)$", re.MULTILINE)
CAPTION = re.compile(r"\*[^*\n]+\*|\*(?:\\.|[^*\\\n])+\*")
_TAKEN = (
    r"\b(?:foto(?:graf)?|photo(?:graph)?|bild|image|picture|illustration)(?: credit)?(?:\s*:| by\b)"
    r"\s*\S[^\n]{1,60}"
)
CREDITED = re.compile(rf"(?:[^\n]{{0,200}}[.!?)]\s+)?{_TAKEN}", re.IGNORECASE)
CREDIT = re.compile(_TAKEN, re.IGNORECASE)
#: What WordPress adds to the name of a picture for each of its sizes, and what others add to its path: Cloudinary,
#: Substack and Wix (``w_800,c_fill``), Drupal, SiteVision.
SIZED = re.compile(
    r"-(?:\d{2,4}x\d{2,4}|scaled)(?=\.\w{3,4}$)"
    r"|(?:/v1/(?:fill|fit|crop))?/(?=[^/]*\b[wh]_\d)[$a-z]+_[^/]*(?=/)|(?<=/styles)/[^/]+(?=/public/)|/x\d+[py]?(?=/[^/]+$)"
)
#: What stands under a picture, which a summary does without.
CAPTIONED = re.compile(r"<figcaption\b(?:[^<]|<(?!/?figcaption\b)){0,2000}</figcaption>", re.IGNORECASE)
#: Ends a summary that a feed has cut.
CUT = re.compile(
    r"(?:\[?(?:…|\.\.\.|&hellip;)\]?|(?:continue reading|read more|läs mer|fortsätt läsa)\b.*)\s*$", re.IGNORECASE
)
#: What WordPress, Medium, Bluesky, and those who host recordings, write under every piece of a feed; and words
#: without which nothing is any of that, as looking for it takes long.
NOTICES = ("Acast", "ad choices", "appeared", "dök först upp", "was originally published", "[contains quote post")
APPEARED = re.compile(
    r"\s*(?:Hosted on Acast\. See .{0,80}|Learn more about your ad choices\. Visit .{0,80})$"
    r"|\s*(?:The post .{0,300} (?:first )?appeared (?:first )?on|Inlägget .{0,300} dök först upp på) .{0,200}$"
    r"|\s*.{0,300} was originally published in .{1,100} on Medium, where people are continuing .{0,140}$"
    r"|\s*\[contains quote post or other embedded content\]$"
)
#: It is no longer than this, in characters.
NOTICE = 1000


def normalize(raw: RawItem, now: datetime) -> Article:
    """Return *raw* as an article. *now*, aware, is the date of one that has none or one in the future."""
    title = clean_title(raw.title)
    base = raw.base or raw.url
    text, first = (raw.text, None) if raw.text else markup.pictured(raw.html, base, title)
    updated = _date(raw.updated, now)
    # A page that says only when it was changed is no newer than that.
    published = _date(_dated(raw.published, updated or now), now) or updated or now
    text, image = happening.gathered(_without_notice(visible(text)), title, published), raw.image or first
    url = clean_url(raw.url)
    own = "" if raw.shared else url
    if raw.shared and "#" in raw.url:
        url += raw.url[raw.url.index("#") :]
    text, image = _apart(text, image)
    said = dialect.plain(text, OPENING if raw.language else language.ENOUGH)
    # What has no title is called by its first sentence.
    title = title or sentence.cut(said.partition("\n")[0], 100, 1)
    return Article(
        key=key(own, raw.named or title),
        title=title,
        url=url,
        text=text,
        summary=_besides(summary(raw.summary, said, _opening(text)), title, cut=not raw.title.strip()),
        source=raw.source,
        language=_language(raw.language, f"{title} {said}"),
        author=writer.name(raw.author),
        published=published,
        updated=updated,
        image=image,
        tags=tags(raw.tags),
        guid=raw.guid,
        twins=tuple(dict.fromkeys(other for name in raw.translations if (other := _twin(name)))),
    )


def _twin(name: str) -> str:
    """Return the key of a translation that goes by *name*: its address, or its key where it has none."""
    return name if name.startswith("text:") else canonical_url(name)


def clean_title(title: str) -> str:
    """Return a title as words on one line, tags and entities resolved, nothing invisible in it."""
    words = markup.words(title) if re.search(r"<[a-zA-Z/!]|&#?\w+;", title) else title
    return sentence.shorten(" ".join(clean(words).split()), TITLE)


def summary(given: str, text: str, opening: str = "") -> str:
    """Return one to three sentences: the source's own, or where it was cut or has none, the first of *text*.

    Those are of its *opening* alone, where that says enough.
    """
    own = " ".join(clean(markup.words(CAPTIONED.sub("", given))).split()) if given else ""
    noticed = any(notice in own for notice in NOTICES) and APPEARED.search(own, max(0, len(own) - NOTICE))
    own = own[: noticed.start()] if noticed else own
    flat = _running(text)
    # What breaks off in the midst of the text was cut, too.
    if own and not CUT.search(own) and not (own[-1].isalnum() and f"{own} " in flat):
        return sentence.cut(own, SUMMARY)
    return sentence.cut(opening or flat, SUMMARY) or sentence.cut(CUT.sub("", own), SUMMARY)


def _opening(text: str) -> str:
    """Return the words above the first heading or quote of *text*, "" where they are too few to say what it is."""
    heading = HEADING.search(text)
    words = _running(dialect.plain(text[: heading.start()], OPENING)) if heading else ""
    return words if len(words) >= OPENED else ""


def _running(text: str) -> str:
    """Return the paragraphs of *text* on one line; behind the first sentence only those that are sentences."""
    said, begun = list[str](), False
    for one in text.split("\n"):
        ends = bool(ENDED.search(one))
        if ends or not begun:
            said.append(one)
        begun = begun or ends
    return " ".join(said)


def _besides(summary: str, title: str, *, cut: bool) -> str:
    """Return what a summary says beside the title; a title that was made of its first sentence is *cut* off."""
    if summary.casefold().strip(" .!?") == title.casefold().strip(" .!?"):
        return ""
    return summary.removeprefix(title).strip() or summary if cut else summary


def tags(given: Iterable[str]) -> tuple[str, ...]:
    """Return tags once each, whatever their case, in order."""
    cleaned = (" ".join(clean(unescape(tag)).split())[:TAG] for tag in given)
    return tuple(
        {tag.casefold(): tag for tag in reversed([*cleaned]) if tag.casefold() not in {"", *UNFILED}}.values()
    )[::-1][:TAGS]


def _language(said: str, text: str) -> str:
    """Return the language that was said, without its region, or the one that the words tell.

    Who says a country's code for its language's is told by the words: ``se`` is Northern Sami.
    """
    code = tongue.base(tongue.named(said[:SPOKEN]))
    if code and code not in tongue.MISTAKEN:
        return code
    told = language.detect(text)
    return told if told == tongue.MISTAKEN.get(code, told) else code


def _dated(moment: datetime | None, latest: datetime) -> datetime | None:
    """Return *moment* with a year: one that names none was the last such day before *latest*."""
    return dates.nearest(moment, latest) if moment else None


def _date(moment: datetime | None, now: datetime) -> datetime | None:
    """Return *moment* in UTC: none before the web, none after *now*."""
    if moment is None:
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        utc = aware.astimezone(UTC)
    except OverflowError:
        return None
    return None if utc < EARLIEST else now if utc > now + AHEAD else utc


def _without_notice(text: str) -> str:
    """Return *text* without a last paragraph that only says where it appeared."""
    head, _, last = text.rpartition("\n\n")
    return head if head and APPEARED.fullmatch(dialect.inline(last)) else text


def _apart(text: str, image: Picture | None) -> tuple[str, Picture | None]:
    """Return *text* without the paragraph that is the article's own image, which is shown apart, and the image.

    Its caption goes with it, unless there is no other text, and describes it where nothing else does; who took it
    stays, at the end.
    """
    if image is None:
        return text, None
    if "![" not in text:
        return text.strip(), image
    own = _drawn(image.src)
    found = next((one for one in DRAWN.finditer(text) if _drawn(one["src"]) == own), None)
    if found is None:
        return text.strip(), image
    before, after = text[: found.start()].rstrip("\n"), text[found.end() :].lstrip("\n")
    caption, _, rest = after.partition("\n\n")
    said = (
        dialect.inline(caption)
        if CAPTION.fullmatch(caption) or CREDITED.fullmatch(dialect.inline(caption))
        else ""
    )
    credit = CREDIT.search(said)
    if not (before or rest) and CREDIT.sub("", said).strip(" ."):
        # The post is that picture, and its caption the only words of it.
        after = dialect.escape(said)
    elif said:
        # Who took it may stand in brackets.
        taken = credit[0] if credit and "(" in credit[0] else credit[0].rstrip(")") if credit else ""
        after = "\n\n".join(filter(None, (rest, taken and f"*{dialect.escape(taken)}*")))
    # A library of pictures knows one language, the text its own.
    alt = dialect.inline(found["alt"]) or image.alt or said
    return "\n\n".join(filter(None, (before, after))).strip(), replace(image, alt=alt)


def _drawn(src: str) -> str:
    """Return what the addresses of one picture in several sizes have in common."""
    return SIZED.sub("", src.partition("?")[0])
