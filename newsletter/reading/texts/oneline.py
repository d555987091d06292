"""Say what one line of a plain-text page is by itself: a heading, or who wrote it, when, where it is filed …"""

import re
from functools import lru_cache

from newsletter import sentence
from newsletter.reading.texts.piece import NAMED, Kind, Piece
from newsletter.reading.words import dates, furniture, invitation, listname, onward, parted, person, quotation

#: A heading is short, in characters and words.
LONGEST, WORDS = 120, 22
#: Whom a portrait shows, and what they are, which has at most so many characters.
PORTRAYED = re.compile(rf"(?!(?:Hi|Hello|Dear|Hej|Kära|Bästa|Tack|Thanks)\b){person.CAPITALS}")
ROLE = 60
#: The party behind the name of a politician.
PARTY = re.compile(r"\s\([A-ZÅÄÖ]{1,3}\)$")
#: What stands in a sentence, and in no title.
SAID = re.compile(r"[.:!?“”\"\d]")
#: More words than these before an exclamation mark, or before what is left unsaid, are a sentence.
SHOUT = 10
AUTHOR = re.compile(
    r"(?:(?:(?:guest |blog )?(?:post|article) |written |text |words |posted )?by|(?:upplagd|inlagd) av|"
    r"lagt inn av|oprettet af|eingestellt von|publié par|"
    r"(?:(?:gäst)?blogg(?:inlägg)? |krönika |skriven |skrevet |te[kx]s?t )?a[vf]|te(?:xt|ksti?)|"
    r"(?:om )?författaren?|(?:about the )?author|words|skribent|reporter|writer|(?:verfasst )?von|autor(?:in)?|"
    r"door|por|kirjoittaja|بقلم|إعداد)"
    r"\s*:?\s+(?P<by>\S.{1,60})",
    re.IGNORECASE,
)
TAGS = re.compile(
    r"(?:tags?|tagged(?: (?:in|with))?|taggar|etiketter|nyckelord|keywords|categor(?:y|ies)|kategori(?:er)?|"
    r"ämnen?|topics?|"
    r"posted in|filed under)\s*:\s*(?P<tags>.{2,200})",
    re.IGNORECASE,
)
#: What a blog says under its text: ``Posted in News | Tagged quay, boats``. Research is published somewhere, too.
FILED = re.compile(
    r"(?P<said>posted|filed|published|publicera[dt]|posta[dt]|publisert|postet|udgivet|skrevet|veröffentlicht|"
    r"abgelegt|publié|classé|geplaatst)"
    r" (?:in|i|un[dt]er|dans|op)\s(?P<tags>(?-i:[A-ZÅÄÖÆØÜÉ])[^.!?|:]{1,80}?)"
    r"(?:\s*\|?\s+(?:tagg(?:ed|ad|et)|tag(?:s|gar)?|märkt|merket|verschlagwortet|schlagwörter|étiqueté|mots-clés)"
    r"(?: (?:with|med|mit|avec))?\b:?(?P<more>[^|.!?]{0,200}))?(?:\s*\|.{0,80})?",
    re.IGNORECASE,
)
#: How a text ends that invites.
WELCOME = re.compile(r"(?:(?:varmt|hjärtligt|mycket) )?välkom(?:men|na)!?|(?:a warm )?welcome!?", re.IGNORECASE)
HASHTAGS = re.compile(r"(?:#\w{2,40}[\s,]*){2,20}")
#: A postal code and its town.
POSTAL = re.compile(r"(?:(?:SE|S|NO|N|DK|FI|DE|D)-)?\d{3}[ ]?\d{2}[ ]+[A-ZÅÄÖÆØÜ][\w ,-]{1,40}")
#: A fact that stands alone, and is no heading either.
LONE_FACT = re.compile(
    r"(?:publication|publikation|reference|referens|source|källa|quelle|kilde|lähde|doi|arrangör(?:er)?|organi[sz]ers?|plats|place|venue|location|sted|lokal|where|var|dat(?:e|um)|tid|time|pris|price|kostnad|cost|entré|entrance|"
    r"admission|telefon|tel|phone|e-?post|e-?mail|adress|address|"
    r"(?:(?:presse?|media)[ -]?)?(?:kontakt(?:person)?|contact(?: person)?)|ansprechpartner(?:in)?|yhteyshenkilö|"
    r"målgrupp|språk|language|host|värd|speakers?|talare|föreläsare|moderator)"
    r"\s*:\s\S",
    re.IGNORECASE,
)
#: What stands above a fact of an event, each on a line of its own.
LABEL = re.compile(
    r"(?:datum(?: (?:och|&) tid)?|tid(?:punkt)?|"
    r"plats|lokal|adress|kostnad|pris|anmälan|arrangör|språk|målgrupp|talare|"
    r"när|var|vem|date(?: (?:and|&) time)?|time|place|venue|location|address|cost|price|registration|organi[sz]er|"
    r"language|audience|speakers?|when|where|who|dato|tidspunkt|klokkeslett|sted|påmelding|tilmelding|arrangør|språk|sprog|"
    r"hvor|hvornår|wann|wo|ort|uhrzeit|termin|eintritt|anmeldung|veranstalter|veranstaltungsort|sprache|"
    r"aika|paikka|hinta|ilmoittautuminen|järjestäjä|kieli):?",
    re.IGNORECASE,
)
#: Until when one may apply or register: a day that is told for its own sake, and dates nothing.
DEADLINE = re.compile(
    r"(?:sista|siste|last|final) (?:ansöknings|anmälnings|svars|søknads|påmeldings)?(?:dag(?:en)?|date|day)"
    r"(?: (?:för|att|to|for) .{2,40})?|(?:(?:application|registration|submission) )?(?:deadline|closing date)"
    r"(?: for .{2,40})?|(?:ansöknings|anmälnings|svars|søknads|påmeldings|ansøgnings|tilmeldings)?frist(?:en)?|"
    r"(?:ansök|anmäl dig|anmälan|svara|apply|register) (?:senast|by)|(?:anmelde|einsende|bewerbungs)schluss|"
    r"(?:haku|ilmoittautumis)aika päättyy|viimeinen (?:haku|ilmoittautumis)päivä",
    re.IGNORECASE,
)
#: A day of which nobody can say what is its year, unless a Swede wrote it.
SHORT_DAY = re.compile(r"(?<![\d-])\d\d-\d\d-\d\d(?![\d-])")
#: A line that begins with an hour tells when something is.
HOUR = re.compile(r"kl\.?\s?\d", re.IGNORECASE)
#: What stands between the parts of a line that says who wrote, when, and where it is filed.
BETWEEN = re.compile(r"\s+[/|·•]\s+")
#: A file to download: its kind, and how large it is.
FILE = re.compile(
    r"\((?:jpe?g|png|pdf|docx?|zip|tiff?|eps|mp4)\b.{0,20}\)$|\.(?:jpe?g|png|pdf|zip)(?:\s*\([\d.,]+\s*[kmg]b\))?$",
    re.IGNORECASE,
)
#: What stands under a picture: its words, and who took it.
CAPTION = re.compile(
    r"(?:pictured|på bilden|from left(?: to right)?|från vänster|fr\.? ?v\.?)\s*[:,(]\s.{2,300}"
    r"|[^.!?]{0,160}[\[(]CC[ -]BY\b.{0,160}"
    r"|.{0,400}[.,!?)|]\s+(?:[–-]\s+)?"
    r"(?:foto(?:graf)?|photo(?:graph)?|bild|image|picture|illustration|kuvat?|copyright)(?: credit)?"
    r"(?: by)?\s*:\s*\S.{1,60}|.{0,400}\s\((?:foto(?:graf)?|photo|bild|image|picture|kuva)\s*:[^()]{2,60}\)"
    r"|[^.!?]{8,160}[.!?]?\s(?-i:Foto:|Photo:|Bild:|Kuva:?)(?-i:\s[A-ZÅÄÖÆØ][\w-]+){2,3}\.?|\[(?:foto|photo|bild|image|picture)\b[^\[\]]{0,200}\]",
    re.IGNORECASE,
)
#: Who stands where in a picture: ``From the left: NAME``, ``NAME (t.v.)``, ``V.l.n.r.: NAME``.
STANDS = re.compile(
    r"\b(?:(?:from|från|fra|von|van) (?:the |d\. )?(?:left|right|vänster|höger|venstre|høyre|højre|links|rechts)"
    r"(?: (?:to|till|til|mot|nach|naar) (?:the )?\w+)?|fr\.? ?[vh]\.?|v\. ?[lr]\.(?: ?n\. ?[lr]\.)?|vasemmalta|"
    r"de gauche à droite)"
    rf"(?:\)?:\s(?-i:\s*[A-ZÅÄÖÆØÜ])|,?\s+(?-i:{person.CAPITALS}))"
    r"|(?-i:[A-ZÅÄÖÆØÜ])[\w-]+,?\s\((?:\d\. ?)?(?:v\. ?[lr]\.|t\.? ?[vh]\.?|(?:(?:to|on) the |till |til )?"
    r"(?:left|right|vänster|höger|venstre|høyre|højre|links|rechts)|(?:i |in der |in the )?"
    r"(?:midten|mitten|mitte|middle|cent(?:re|er)))\)",
    re.IGNORECASE,
)
#: The words of a picture are no longer than this, in characters.
SHOWN = 400
#: Who wrote took the pictures, too.
TOGETHER = re.compile(
    r"^(te(?:xt|ksti?)|words)\s*(?:&|och|and|und|og|ja|\+|/)\s*(?:fotos?|photos?|bild(?:er)?|pictures?|kuvat?)(?=\s*:)",
    re.IGNORECASE,
)
#: The hour behind the writer's name under a blog's text.
HOURED = re.compile(r"\s+(?:at|kl\.?|um|à)\s+\d{1,2}[:.h]\d\d(?:\s?[ap]\.?m\.?)?$", re.IGNORECASE)
#: What follows the writer's name in a byline.
PICTURED = re.compile(r"\s*[|·,/]?\s*\b(?:foto|photos?|bild|image|illustrations?|kuvat?)\b.*", re.IGNORECASE)
LINK = re.compile(
    r"(?:(?:read more|läs mer|more|mer|source|källa|link|länk|url|continue reading|läs hela artikeln|"
    r"read the full article)"
    r"(?: (?:at|here|här|på))?\s*:?\s*)?[<(]?(?P<href>https?://\S+?)[>)]?",
    re.IGNORECASE,
)


def day_in_full(line: str, language: str) -> str:
    """Return a *line* that dates a Swedish page, such as ``Publicerad 25-06-12``, with its century."""
    whole = SHORT_DAY.sub(lambda found: f"20{found[0]}", line) if language == "sv" else line
    return whole if whole != line and dates.line(whole) else line


def is_about(line: str) -> bool:
    """Whether *line* says who wrote, when, or where it is filed."""
    found = aside(line)
    return found is not None and found.kind in {Kind.AUTHOR, Kind.DATE, Kind.TAGS}


def about(line: str) -> list[Piece]:
    """Return what a *line* such as ``2 Comments / News / By Anna Holm / May 2, 2025`` says, if it is one."""
    parts = BETWEEN.split(line) if len(line) <= dates.LONGEST else []
    found = [(part, aside(part)) for part in parts]
    known = [piece for _, piece in found if piece and piece.kind in {Kind.AUTHOR, Kind.DATE, Kind.EDGE}]
    timed = parted.read(parts) if any(map(parted.READING.fullmatch, parts)) else None
    if timed and timed.at:
        return [Piece(Kind.DATE, at=timed.at, by=timed.by)]
    if len(known) < 2 or all(piece.kind is Kind.EDGE for piece in known):
        return []
    filed = tuple(tag.strip() for part, piece in found if not piece for tag in part.split(","))
    return [*known, Piece(Kind.TAGS, tags=filed)]


@lru_cache(furniture.ASKED)
def aside(line: str) -> Piece | None:
    """Return what *line* is if it is not text: navigation, a date, an author, an address."""
    if furniture.opens_others(line):
        return Piece(Kind.OTHERS)
    if said := dates.line(line):
        beside = parted.read(parted.BETWEEN.split(line))
        by = said.author or (beside.by if beside else "")
        return Piece(Kind.DATE, at=said.at, by=by, changed=said.changed, label=NAMED if said.named else "")
    if SHORT_DAY.fullmatch(line):
        return Piece(Kind.DATE)
    if furniture.COOKIES.fullmatch(line):
        return Piece(Kind.EDGE, label="cookies")
    if furniture.HEARD.fullmatch(line):
        return Piece(Kind.EDGE, label="heard")
    if furniture.is_navigation(line) or onward.is_button(line) or FILE.search(line):
        leads = "home" if line.casefold() in furniture.FIRST else "more" if onward.is_more(line) else ""
        told = furniture.CRUMBS.fullmatch(line) or listname.is_one(line)
        return Piece(Kind.EDGE, line if told else "", label=leads)
    both = TOGETHER.sub(r"\1", line)
    found = AUTHOR.fullmatch(both if both != line else PICTURED.sub("", HOURED.sub("", line)))
    if found and (names := person.signed(found["by"].strip(" ."))):
        return Piece(Kind.AUTHOR, by=names)
    if CAPTION.fullmatch(line) or _is_caption(line) or _is_signed(line):
        return Piece(Kind.AUTHOR)
    if found := LINK.fullmatch(line):
        return Piece(Kind.LINK, href=found["href"].rstrip(".,;"))
    if HASHTAGS.fullmatch(line):
        return Piece(Kind.TAGS, tags=tuple(line.replace("#", " ").split()))
    found = TAGS.fullmatch(line)
    if filed := found["tags"] if found else _filed(line):
        return Piece(Kind.TAGS, tags=tuple(filter(None, (tag.strip(" .#") for tag in re.split("[,|;·•]", filed)))))
    return None


def _filed(line: str) -> str:
    """Return what a *line* under a text is filed under, with commas between; "" for any other line."""
    found = FILED.fullmatch(line)
    sure = found and (found["more"] is not None or found["said"].casefold() == "posted")
    return (
        f"{found['tags']},{found['more'] or ''}" if found and (sure or furniture.is_entry(found["tags"])) else ""
    )


def _is_caption(line: str) -> bool:
    """Whether *line* says who stands where in a picture, and is nobody's words."""
    return len(line) <= SHOWN and bool(STANDS.search(line)) and quotation.read(line) is None


def _is_signed(line: str) -> bool:
    """Whether *line* is the name of somebody and a full stop; a title in capitals may have one."""
    return line.endswith(".") and not line.isupper() and person.is_person(line[:-1])


def is_portrait(line: str) -> bool:
    """Whether *line* is the name of somebody, and what they are, as it stands under a portrait."""
    name, comma, title = line.removesuffix(".").partition(", ")
    if PARTY.search(title):
        # The office of a politician stands first.
        name, title = PARTY.sub("", title), name
    sentence = bool(SAID.search(title) or quotation.TELLS.search(title) or quotation.VERB.search(title))
    named = PORTRAYED.fullmatch(name) if comma else person.is_person(name)
    return bool(named) and len(title) <= ROLE and not sentence and not person.BODIES.search(name)


@lru_cache(furniture.ASKED)
def is_heading(line: str) -> bool:
    """Whether *line* is short, has no full stop, and starts as headings do."""
    if len(line) > LONGEST or len(line.split()) > WORDS or not any(c.isalpha() for c in line):
        return False
    if invitation.ADDRESS.search(line) or invitation.TELEPHONE.search(line):
        return False
    if line.isupper() and not line.endswith((".", ",")):
        return True
    if WELCOME.fullmatch(line):
        return False
    label, told, _ = line.partition(": ")
    if LONE_FACT.match(line) or (told and DEADLINE.fullmatch(label)):
        return False
    if FILE.search(line) or POSTAL.fullmatch(line) or HOUR.match(line):
        return False
    first = line.lstrip("“”„\"'‘’‚«»¿¡#§( ")[:1]
    starts = first.isupper() or first.isdigit() or (first.isalpha() and first.lower() == first.upper())
    calls = line.endswith(("!", "…")) and len(line.split()) > SHOUT
    if line[:1] not in quotation.MARKS and line.rstrip(quotation.MARKS).endswith("."):
        return False
    return (
        starts and not calls and not line.endswith((".", ",", ";", ":", "[…]")) and len(sentence.split(line)) <= 2
    )
