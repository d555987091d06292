"""Find out whether a paragraph is somebody's words, and whose. English and Swedish.

Knows the dash (``– Vi växer, säger NAME, TITLE.``), quotation marks of every shape with the speaker after, before
or in the middle, and a speaker on a line of its own. Never guesses a name that is not there.
"""

import re
from dataclasses import dataclass

from newsletter.reading.words import person, rank
from newsletter.reading.words.later import later
from newsletter.sentence import split

DASHES = "-–—―−‒‐"
MARKS = '"“”„‟«»'
#: Without one of these nothing is a quotation.
MARKED = re.compile(f"[{DASHES}{MARKS}‘']")
SAYING = """
    says said tells told explains explained adds added notes noted comments commented concludes concluded believes
    states stated continues continued emphasi[sz]es emphasi[sz]ed argues argued hopes recalls reflects remarks
    laughs smiles wonders asks asked points_out according_to writes wrote
    säger sade sa berättar berättade förklarar förklarade menar menade tycker tyckte konstaterar konstaterade
    tillägger tillade kommenterar kommenterade fortsätter fortsatte betonar betonade understryker avslutar
    avslutade
    hoppas poängterar påpekar utbrister skrattar ler undrar anser tror framhåller sammanfattar minns skriver frågar
    svarar enligt inflikar lovar beskriver resonerar håller_med instämmer agrees agreed
    sier forteller mener forklarer påpeker understreker legger_til uttaler avslutter siger sagde fortæller tilføjer
    udtaler
    sanoo sanoi kertoo kertoi toteaa totesi korostaa iloitsee muistuttaa kuvailee arvioi
    sagt sagte erklärt erklärte betont betonte meint ergänzt berichtet
"""
_VERBS = "|".join(SAYING.split()).replace("_", " ")
VERB = later(rf"\b(?:{_VERBS})\b", re.IGNORECASE)
SAID = later(rf"[,.!?…”\"“»–—-]\s*(?:(?:det|så)\s+)?(?:{_VERBS})\s+", re.IGNORECASE)
#: Single marks, told from apostrophes by what stands beside them.
SINGLE_OPEN = re.compile(r"(?<!\S)[‘'](?=\w)")
SINGLE_CLOSE = re.compile(r"(?<=[,.!?…])[’'](?!\S)")
#: Without a comma before it, at the end: ``… i hamnen säger NAME, TITLE.``
UNPARTED = later(rf"(?<=\w)\s(?:{_VERBS})\s+(?P<by>{person.CAPITALS}(?:,\s[^,.!?]{{2,80}})?)\.?$")
#: The English order: ``…, NAME says.``
NAMED = later(rf"[,.!?…]\s+([^.!?…]{{3,120}}?),?\s+(?:{_VERBS})\.?$")
PRONOUN = re.compile(r"(?:he|she|they|we|I|han|hon|hen|de|vi|jag)\b(?!-)")
#: The verb of a sentence into which it was put who says it: ``Felet, säger NAME, är att …``.
_IS = "är|var|har|kan|ska|måste|blir|ligger|handlar|gäller|finns|innebär|betyder|is|are|was|has|can|will|means"
BROKEN = re.compile(rf"(?:{_IS})\s")
#: Where a title ends and the speaker's own words go on.
GOES_ON = re.compile(rf",\s+(?=(?:och|men|utan|så|eftersom|för att|and|but|so|because|which|{_IS})\s)")
#: ``säger NAME, TITLE, som ser fram emot …``: it tells of the speaker.
TELLS_OF = re.compile(r"(?<=,)[^,]+(,\s+)(?:som|who|der)\s")
#: ``NAME, som är TITLE``: what somebody is, told in more words.
IS_TITLED = re.compile(r"(?<=[^\W\d_]),?\s+(?:som är|who is|som er|der er)\s+(?=[^\W\d_A-ZÅÄÖ])")
#: ``…, fortsätter hon.`` behind more of somebody's words.
GOES_ON_SAYING = later(rf",\s+(?:(?:{_VERBS})\s+(?:han|hon|hen|hun|he|she)|(?:he|she)\s+(?:{_VERBS}))\.?$")
#: ``säger NAME, som är glad att …`` tells what somebody feels or wants, and no title.
WANTS = re.compile(r"\b(?:att|at|å|to)\s")
#: The words of somebody that a paragraph announces, and that go on in the next one: no mark closes them.
OPENED = re.compile(rf"([^{MARKS}]{{3,160}}:)\s*[{MARKS}]([^{MARKS}]+)")
#: ``säger NAME, och skrattar``: the writer goes on, not the speaker.
GOES_ON_TELLING = later(rf"(?:(?:och|and|men|but)\s+(?:{_VERBS})|som|who|der)\b")
ABOUT = re.compile(r"(?:he|she|his|her|han|hon|hans|hennes)\b", re.IGNORECASE)
#: ``säger NAME och fortsätter:``
GOES_ON_THEN = later(rf",?\s+(?:and|och|men|but)(?:\s+(?:{_VERBS}))?$")
#: To whom, or in what, which is no part of it either.
WHERE_SAID = later(
    r",?\s+(?:(?:in an? (?:press |written )?(?:statement|release|comment|interview|e-?mail)|i ett (?:uttalande|"
    r"pressmeddelande|mejl)|i en (?:kommentar|intervju|uttalelse|udtalelse|pressemelding|pressemeddelelse))"
    r"(?: (?:from|to|från|till|fra|til) .{2,60})?|(?:i|till|til) (?:nyhetsbrevet|tidningen|tidskriften|"
    r"nyhetsbyrån|podden|avisen)\b.{0,60}|over (?:an? )?(?:e-?mail|phone|cup|coffee|tea|lunch|zoom)\b.{0,100}"
    r"|(?:innan|medan|before|while)\s.{8,120}"
    r"|över (?:en )?(?:kopp|lunch|telefon|fika)\b.{0,100}|(?:enligt|ifølge|according to) .{3,80})$",
    re.IGNORECASE,
)
#: ``säger NAME, TITLE, till Norrviks Tidning``; ``ambassadör till Norge`` is a title.
TO = later(rf"(?P<by>{person.CAPITALS}(?:,[^,]+(?=,))?),?\s+till?\s+[A-ZÅÄÖÆØ].{{1,40}}")
#: ``Speaking at the opening, NAME, TITLE, said:`` tells when, and no name.
WHEN_SAID = later(rf"[A-Z][a-z]{{2,20}}ing\s[^,]{{2,80}},\s+(?={person.CAPITALS})")
#: How a sentence goes on from the one before.
BUT = re.compile(r"^(?:but|and|so|then|men|och|så|sedan),?\s+", re.IGNORECASE)
#: ``Director NAME is glad``: a paragraph that begins with a person, after a Swedish title maybe (-n, -t).
BEGINS = later(
    # What stands behind these is a place.
    r"(?!(?:On|In|At|Near|From|På|I|Vid|Under|Från)\s)"
    r"(?:[^\W\d_][\wé-]{6,}[nt]\s+|(?:[^\W\d_][\w-]+\s+){0,3}?)"
    rf"(?P<name>{person.CAPITALS})(?=\s*[(,]|\s+[a-zåäö])"
)
#: ``…, the farmer NAME said …``, ``Till sist sade NAME att …``: whoever says something further on in a paragraph.
SAYS = later(rf"\b(?P<name>{person.CAPITALS})\s+(?:{_VERBS})\b|\b(?:{_VERBS})\s+(?P<after>{person.CAPITALS})")
#: What somebody does who is quoted under the paragraph that tells of them.
SHARES = re.compile(r"\b(?:shares|gives|sums|delar|ger|sammanfattar|ser|är|is|looks)\b")
#: What somebody is, with a capital at the beginning of a sentence, before a first and a last name.
OFFICE = re.compile(
    r"^(?:re[kc]tor|direktör|director|ordförande|chairman|president|mayor|borgmästare|minister|arkitekt|"
    r"forskare|projektledare|kommunalråd|\w+(?:chef|ledare|råd|minister|direktör))\s+(?=\S+\s)",
    re.IGNORECASE,
)
#: ``NAME (OFFICE):``, but for the party of a politician.
OFFICED = re.compile(r"(?P<name>[^():]{4,60}?)\s*\((?:also )?(?P<office>[^()]{4,80})\)\s*:")
#: A verb in what should be a name and a title.
TELLS = re.compile(r"\b(?:är|var|har|hade|blir|kan|ska|att|is|was|were|has|had|will|can|that)\b")
#: Nobody says more in one paragraph, in characters; looking for a speaker in more would take long.
LONGEST_SAID = 6000
#: A speaker with a title is never longer than this, in characters.
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words without dash and marks. *by* is ``NAME, TITLE`` as said, ``NAME``, or "" for nobody.

    *again* means that only a pronoun tells who: the last one who was named. *after* is what the writer says about
    the speaker in the same paragraph. *unclosed* means that the next paragraph is the same person's too.
    """

    text: str
    by: str = ""
    again: bool = False
    after: str = ""
    unclosed: bool = False


@dataclass(frozen=True, slots=True)
class _Speaker:
    by: str
    again: bool = False
    rest: str = ""


def read(paragraph: str) -> Quotation | None:
    """Return what *paragraph* quotes, or None if it is no quotation."""
    if not 2 <= len(paragraph) <= LONGEST_SAID:
        return None
    if paragraph[0] in DASHES and paragraph[1:].lstrip()[:1] not in DASHES:
        return _dashed(paragraph[1:].strip())
    if paragraph[0] in "‘'":
        paragraph = SINGLE_CLOSE.sub("”", SINGLE_OPEN.sub("“", paragraph))
    if paragraph[0] in MARKS or paragraph.rstrip(" .")[-1:] in MARKS:
        return _marked(paragraph)
    opened = OPENED.fullmatch(paragraph)
    who = _attribution(opened[1]) if opened else None
    named = who is not None and not who.rest
    return Quotation(_tidy(opened[2]), who.by, unclosed=True) if opened and who and named and who.by else None


def speaker(line: str) -> str:
    """Return ``NAME, TITLE`` if *line* is nothing but that, as it stands under a quotation; else ""."""
    bare = line.lstrip(DASHES + " ")
    name, comma, _ = bare.partition(",")
    dashed = bare != line
    if len(bare) > LONGEST or bare[-1:] in ".!?:" or not person.is_name(name) or not (comma or dashed):
        return ""
    return bare


def attributed(paragraph: str) -> str:
    """Return whom a paragraph under a quotation names, and says nothing else: ``säger NAME, TITLE.``; else ""."""
    if len(paragraph) > LONGEST:
        return ""
    who = _attribution(paragraph) if (verb := VERB.match(paragraph)) and verb[0].islower() else None
    return who.by if who and not who.rest else speaker(paragraph)


def introduced(paragraph: str) -> str:
    """Return the speaker whom a paragraph such as ``NAME, TITLE, says:`` introduces, else ""."""
    who = _attribution(paragraph) if paragraph.endswith(":") and len(paragraph) <= LONGEST else None
    return who.by if who else ""


def told_of(paragraph: str) -> str:
    """Return the person whom the last sentence of *paragraph* tells of, as ``The rector NAME is glad:``."""
    last = split(paragraph)[-1] if paragraph.endswith(":") else ""
    named = {name for name in person.PERSON.findall(last) if person.is_person(name)}
    return begun(last) or (named.pop() if len(named) == 1 else "")


def begun(paragraph: str) -> str:
    """Return the person whom a paragraph begins with, for ``she says`` in the next one; "" if that is not sure."""
    found = BEGINS.match(paragraph)
    name = OFFICE.sub("", found["name"]) if found else ""
    return name if person.is_person(name) else ""


def says(paragraph: str) -> str:
    """Return the one person who says something in a paragraph; "" for nobody, and for several."""
    names = {OFFICE.sub("", found["name"] or found["after"]) for found in SAYS.finditer(paragraph)}
    return names.pop() if len(names) == 1 and not person.BODIES.search(min(names)) else ""


def _dashed(said: str) -> Quotation | None:
    if said[:1] in MARKS:
        return _marked(said) or Quotation(_tidy(said))
    for found in SAID.finditer(said):
        who = _speaker(said[found.end() :])
        if who and GOES_ON_TELLING.match(who.rest):
            return _told_on(said[: found.start() + 1].rstrip(DASHES + " "), who)
        if who:
            start = said[: found.start() + 1].rstrip(DASHES + " ")
            if _tells_about(who):
                return Quotation(_tidy(start), who.by, who.again, who.rest)
            return Quotation(_tidy(_join(start, who.rest)), who.by, who.again)
    if unparted := UNPARTED.search(said):
        return Quotation(_tidy(said[: unparted.start()]), rank.name_first(unparted["by"]))
    named = NAMED.search(said)
    if named and person.is_name(named[1].partition(",")[0]):
        return Quotation(_tidy(said[: named.start() + 1]), named[1])
    if not said[:1].isupper() or said[-1:] not in ".!?…":
        return None
    return Quotation(_tidy(said))


def _marked(paragraph: str) -> Quotation | None:
    """Split at the marks: what is inside was said, what is outside may tell by whom."""
    parts = re.split(f"[{MARKS}]", paragraph)
    inside = [part.strip() for part in parts[1::2] if part.strip(" .,")]
    outside = " ".join(part.strip() for part in parts[::2]).strip()
    if not inside:
        return None
    text = inside[0]
    for part in inside[1:]:
        text = _join(text, part)
    if not outside.strip(" .,!?"):
        unclosed = len(parts) == 2 and paragraph[0] in MARKS
        return Quotation(_tidy(text), unclosed=unclosed) if len(text.split()) >= 3 else None
    who = _attribution(outside)
    if not who and len(inside) == 1 and not parts[0].strip() and text[-1:] in ".!?…" and (by := speaker(outside)):
        # Its speaker stood on a line of its own.
        return Quotation(_tidy(text), by)
    if who and GOES_ON_TELLING.match(who.rest):
        return _told_on(text, who) if len(inside) == 1 and not parts[0].strip() else None
    return Quotation(_tidy(text), who.by, who.again) if who and not who.rest else None


def _told_on(text: str, who: _Speaker) -> Quotation | None:
    """Return a quote after which the writer goes on about the speaker: ``säger NAME, och tillägger att …``."""
    if not who.by:
        return None
    rest = who.rest.partition(" ")[2]
    after = f"{who.by.partition(',')[0]} {rest}"
    return Quotation(_tidy(text), who.by, who.again, after if after.endswith((".", "!", "?")) else f"{after}.")


def _tells_about(who: _Speaker) -> bool:
    """Whether what follows the name is the writer again: it speaks of the speaker as somebody else."""
    name = who.by.partition(",")[0]
    first = (who.rest.split() or [""])[0].strip(".,:;!?")
    return bool(ABOUT.match(who.rest)) or (first != "" and first.removesuffix("s") in name.split())


def _attribution(text: str) -> _Speaker | None:
    """Read what stands outside of the marks: ``says NAME``, ``NAME says:``, ``– NAME, TITLE``, ``(NAME)``."""
    office = OFFICED.fullmatch(text.strip())
    if office and person.is_name(office["name"]):
        return _Speaker(f"{office['name']}, {office['office']}")
    bare = BUT.sub("", text.strip(" .,:()" + DASHES))
    verb = VERB.search(bare)
    if verb and verb.start() == 0:
        # "According to NAME it is so:" tells more than who speaks.
        who = _speaker(bare[verb.end() :].strip())
        return None if who and TELLS.search(who.by) else who
    if verb and verb.end() == len(bare):
        return _speaker(_whom(bare[: verb.start()].strip(" ,")))
    signed = text.strip()[:1] in DASHES + "(" or text.strip().endswith(":")
    if signed and person.is_name(bare.partition(",")[0]) and len(bare) <= LONGEST:
        return _Speaker(_untold(bare))
    named = rank.titled(bare.split()) if text.strip().endswith(":") else ""
    if named and len(bare) <= LONGEST:
        return _Speaker(named)
    return None


def _whom(text: str) -> str:
    """Return who it is that stands behind how they are: ``Not satisfied, NAME`` continued; else all of *text*."""
    if when := WHEN_SAID.match(text):
        return text[when.end() :]
    first, _, last = text.rpartition(",")
    manner = first.count(" ") and not person.is_name(first.partition(",")[0]) and first.split()[-1].islower()
    return last.strip() if manner and last.strip()[:1].isupper() else text


def _untold(by: str) -> str:
    """Return ``NAME, TITLE`` without what is told of them behind it: ``NAME, TITLE, spoke on Friday and said``."""
    name, *parts = by.split(", ")
    end = next((n for n, one in enumerate(parts) if VERB.search(one) or TELLS.search(one)), len(parts))
    return ", ".join([name, *parts[:end]])


def _speaker(text: str) -> _Speaker | None:
    """Read ``NAME, TITLE. More words`` or ``title NAME. More words``."""
    first = split(text)[0] if text else ""
    rest = text[len(first) :].strip()
    going_on = GOES_ON.search(first)
    if going_on and " som " not in first[: going_on.start()]:
        first, rest = first[: going_on.start()], first[going_on.start() + 1 :].strip() + (rest and " " + rest)
    by = GOES_ON_THEN.sub("", first.strip(" .,!?…:;" + MARKS))
    if PRONOUN.match(by) and len(by.split()) <= 6:
        return _Speaker("", True, rest)
    titled = IS_TITLED.search(by)
    if titled and WANTS.search(by, titled.end()):
        by, rest = by[: titled.start()], f"{by[titled.start() :].lstrip(', ')}. {rest}".rstrip()
    by = IS_TITLED.sub(", ", by, count=1)
    name, told_on, more = by.partition(" som ")
    if told_on and not rest and person.is_name(name.rstrip(",")):
        by, rest = name.rstrip(","), f"som {more}."
    by = WHERE_SAID.sub("", by + ")" * (by.count("(") - by.count(")")))
    by = rank.name_first(to["by"] if (to := TO.fullmatch(by)) else by)
    told = None if rest else TELLS_OF.search(by)
    if told:
        by, rest = by[: told.start(1)], by[told.end(1) :] + "."
    if not by or len(by) > LONGEST:
        return None
    return _Speaker(by, False, rest.lstrip(DASHES + " "))


def _join(start: str, rest: str) -> str:
    """Put two parts of what was said together: a comma before a new sentence becomes a full stop."""
    if not rest:
        return start
    if BROKEN.match(rest):
        start = start.rstrip(",")
    elif start[-1:] not in ".!?…:;" and rest[:1].isupper():
        start = start.rstrip(",") + "."
    return f"{start} {rest}"


def _tidy(said: str) -> str:
    """Return what was said as whole sentences, without marks around it."""
    bare = GOES_ON_SAYING.sub("", said.strip(" " + MARKS))
    bare = bare[:-1] if bare.endswith((",", ";")) else bare
    return bare if bare.endswith(tuple(".!?…")) else bare + "."
