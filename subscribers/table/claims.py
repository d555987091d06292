"""Understand what the columns of any table claim of a subscription, in the languages around us.

Columns and words are compared as `heading.plain` and `words` write them: small letters, single spaces.
What is doubtful never makes consent: it is PENDING. `exports` knows the tables of known programs.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from subscribers.status import Standing
from subscribers.table import period
from subscribers.table.saying import (
    AGREEING,
    CODE,
    DEAD,
    DOUBTING,
    ENDED,
    LEFT,
    LONG,
    NEVER,
    PLAIN,
    WITHDRAWN,
    WRONG,
    YES,
    forbids,
    meaning,
    undated,
)

#: Parts of words for letters by mail, for subscribing to them and for advertising.
_LETTER = (
    r"letter|lettre|brev|brief|kirje|bolet[ií]n|utskick|utsend|udsend|\be ?post|mail|mejl|courriel|correo"
    r"|sähköpost|prenum|abonn|subscri|tilaaja|tilaus|marketing|marknadsför|marknadsmat|markedsfør|markkinoin"
    r"|werbung|reklam"
)
#: Words about letters, news or consent.
_ABOUT = re.compile(
    rf"{_LETTER}|{AGREEING}|\b(?:news|nyheter|updates|keep me|håll mig|stay in touch|sign me up"
    r"|agreed?|contactable)\b"
    r"|\b(?:får|may|ok|darf) .*(?:kontakt|contact)"
    r"|\b(?:information|info|hear|höra) (?:från|from)\b|\b(?:bli kontakta[dt]|kontaktas|be contacted)$"
    # A heading that asks for a yes, and does not say to what.
    r"|^(?:ja|yes|ok)(?: (?:nej|no|eller nej|or no))?$"
)
#: Columns about other ways to reach somebody, or which hold something about leaving in every row.
_ELSEWHERE = re.compile(
    r"\b(?:sms|mms|phone|telefon\w*|mobile?|calls?|whatsapp|fax|soft|urls?|link|länk|page|token|hash|key|id|ip"
    r"|count|rate|score|number|antal|track(?:ing|ed)?|spårning|foto\w*|photo\w*|cookies?|profiling|analytics)\b"
)
#: How often mail came back for good.
_TALLIED = re.compile(r"hard ?bounces? (?:count|number)|(?:number of|antal) (?:hard ?bounces?|hård\w* ?studs\w*)")
#: What may have a yes, a no or a 0 beside mail and mean something else: what was sent and read, where it says
#: ``no`` for Norway.
_ASIDE = re.compile(
    r"\b(?:country|land|state|stat|city|stad|ort|language|språk|sprache|sprog|kieli|locale|domain|domän|format|sent"
    r"|skicka(?:de|t|ts)|dropped|open(?:ed|s)?|öppn\w*|click\w*|klick\w*|read|läst|received|mottag\w+|delivered|last|senaste?"
    r"|secondary|alternative|follow|följ\w*|bounce\w*|studs\w*|repl(?:y|ied|ies)|forward\w*|rating|total"
    r"|membership|notif\w+|html\w*|subscribepage)\b"
)

#: Columns in which programs say how a subscription stands.
_STATUS = re.compile(
    r"(?:.* )?(?:is )?subscribed(?: to (?:\w+ ){0,3}(?:e ?mails?|\w{0,12}letters?))?"
    r"|prenumererar|abonnerer|påmeldt|tilmeldt|angemeldet|abonniert|email campaigns|subscribed to emails"
    r"|(?:.* )?(?:e ?mails?|e post|list|global|subscri\w+|marketing|newsletter|nyhetsbrev\w*|prenumer\w*|delivery"
    r"|opt(?: ?in)?) (?:.* )?(?:status|state|consent|permission|deliverability)(?: (?:other|work|home|main))?"
    # As one word, and with the status first, as they stand in the languages around us.
    r"|(?:.* )?(?:prenumer|abonne|nyhetsbrev|newsletter|e ?mail|mail|mejl|e ?post|tilaus|marknadsför|markedsfør"
    r"|marketing|inschrij)\w{0,20} ?\w{0,10}status"
    rf"|(?:gdpr|(?:{AGREEING})\w{{0,12}}) ?status"
    r"|(?:status|statut|estado|stato) (?:.* )?(?:prenumer|abonn?e|nyhetsbrev|newsletter|suscrip|iscri"
    r"|su[bp]skry)\w{0,12}"
)
#: These may be about something else, such as where somebody lives: a word that is not known says nothing there.
_PERHAPS = re.compile(
    r"(?:(?:contact|group|member|patron|user|person|profile|recipient|subscriber|kontakt|medlems?|användar|mottagar"
    r"|prenumerant) ?)?(?:status|state|type)|statut|estado|stato|situação|(?:tilauksen )?tila|zustand"
    r"|stan(?: subskrypcji)?|stav|állapot|durum|staða|статус|staatus|statuss|būsena"
    r"|(?:(?:newsletter|nyhetsbrevs?|e ?mail|mail|mejl) ?)?(?:subscription|prenumeration|abonnement)"
    r"|membership status|(?:suppression |bounce )?reason|orsak"
)
#: How databases write yes and no, which in the columns above may be codes.
_LETTERS = {"t": "true", "f": "false"}
#: Of these, those that may say where somebody lives, or what somebody is.
_PLACES = ("state", "type", "estado", "stato")
_CONFIRMED_THERE = (
    r"confirmed|verified|activated|bekräftad|verifierad|aktiviert|bestätigt|verifiziert|bekreftet|bekræftet"
    r"|vahvistettu"
)
#: A no in these says that nobody knows yet, or may mean something else.
_ALIVE = (
    r"(?:is |är )?(?:active|aktiv|enabled|approved)(?: subscriber| prenumerant| abonnent| prenumeration)?"
    rf"|(?:is |är |ist |er )?(?:e ?mail )?(?:is )?(?:{_CONFIRMED_THERE})|.*\bsubscriber\b.*\bconfirm(?:ed)?"
)
_MILDLY = re.compile(
    rf"{_ALIVE}|.*double ?opt ?in|doi|optedin|dubbelbekräftad|(?:e ?mail|e ?post|mail|mejl) ?notif\w+"
    r"|(?:(?:is|är) )?(?:(?:e ?mail|e post|mail) )?(?:is )?(?:valid|deliverable|giltig|gültig|gyldig)"
    r"(?: (?:e ?mail|e post|mail)(?: ?adress\w*)?)?"
)
#: When somebody confirmed: who has nothing there, where others have a day, never did.
_PROVED = re.compile(rf"(?:e ?mail )?(?:{_CONFIRMED_THERE}|opted in) (?:at|on|am|den|dato|datum|pvm)")
#: Network addresses, what opens an account, and the numbers by which a state knows people.
_PRIVATE = re.compile(
    r"\bip(?: ?v?[46]| ?adress\w*| ?address)?\b|password|passwd|user pass\b|lösenord"
    r"|passwort|passord|salasana|\b(?:token|secret)\b|personnummer|fødselsnummer|\bcpr\b|henkilötunnus"
    r"|social security|\bssn\b"
)
#: Questions: a no there is one, whatever consent the import names.
_CONSENT = re.compile(
    r"\b(?:samtyck\w*|samtykke\w*|einwilligung\w*|zustimmung\w*|toestemming|suostumus|medgivande"
    r"|consent\w*|consens\w*|gdpr|godkänn\w*|opt(?:ed)? ?in|accepts(?: email)? marketing|optin"
    r"|(?:markkinointi|sähköposti)lupa|zgod[ay]|nõusolek\w*|соглас\w*)\b"
)
_WISHED = (
    r"\b(?:vill|önskar|ønsker|möchte|souhaite\w*|wil|desea|haluaa|wants?|wish|like|receives?|får|agree|mottar"
    r"|modtager|erhält|bekommt|vastaanottaa)\b.*(?:letter|lettre|brev|utskick|mail|brief|kirje)"
)
_WANTED = re.compile(
    rf"{_WISHED}|(?:letter|brev|utskick)\w* (?:vill|önskar|would|do) (?:du|ni|you)\b"
    r"|(?:\b(?:vara|stå|bli) |^)kvar (?:på|i) (?:\w+ ){0,2}(?:\w*list|\w*register|utskick)|\bstay on .*list\b"
    r"|^(?:subscribe|sign (?:me )?up|join|prenumerera)\b.*(?:letter|brev|utskick|news|mailing)"
    r"|^(?:newsletter|nyhetsbrev\w*|nyhedsbrev\w*|nieuwsbrief|uutiskirje|infolettre|bolet[ií]n)$"
)
#: How an answer that is a yes begins: a word such as “regular” may be the name of a letter.
_AGREED = re.compile(rf"(?:{YES})\b|[1jytx]$|on$")
#: What stands beside a question is none.
_BESIDE = re.compile(
    r"\b(?:time|timestamp|date|at|datum|tid|source|källa|kilde|quelle|lähde|wording|text|details?|description|beskrivning|version|types?|typ)\b"
)

#: Columns in which programs say who left, or must not be written to, by a yes, a date or a reason.
_LEAVING = re.compile(
    rf"\b(?:{LEFT}|do ?not ?(?:allow ?)?(?:bulk ?)?(?:e ?mails?|mail|contact)|e ?mail (?:disabled|blacklisted)"
    r"|(?:is ?)?excluded\w*|nix|dnc)\b"
    rf"|\b(?:ej|inga|ingen|inte|inget|icke|(?<!yes )(?<!s[ií] )no(?! of\b| spam\b)|not|kein\w*|nicht|ikke|ei"
    r"|reserv\w*|geen|niet|nie (?:chcę|chce|wysyłać)|ne (?:\w+ )?(?:pas|plus)|pas de"
    r"|non (?:vuole|voglio|desider\w+|inviare)"
    rf"|undanbe\w*|frabed\w*|avstår|(?:har )?valt bort|väljer bort"
    rf"|fravalgt|valgt bort|slipp\w*|stopp?\w*|nej till|tacka\w* nej|nein zu|nei til)\b.*(?:{_LETTER})"
    r"|\b(?:ej|inte|icke|ikke|nicht|ei|niet|nie|(?:ne )?(?:pas|plus)) (?:kontakt|contact)|\bkontakta (?:ej|inte)\b"
    r"|^ei saa lähettää|^(?:no (?:enviar|contactar)|non contattare|nie wysyłać|niet benaderen)$"
    r"|^nicht mehr anschreiben$"
    rf"|(?:{_LETTER}|{AGREEING})\w* (?:ej|inte|icke|ikke|nicht|niet)\b|\bslut(?:at|ade) (?:att )?prenumerera"
    r"|^har meldt se?i?g (?:av|ut|fra)$"
    rf"|\b(?:avsluta|säga? upp|cancel)\b.*(?:{_LETTER})|(?:{_LETTER})\w* .*\b(?:avsluta|säga upp)\b"
    rf"|^(?:(?:is|was|är|ist|er|har|ska|skall) )?(?:(?:this )?(?:account|konto|user) )?(?:{ENDED}|{DEAD})"
    r"(?: (?:at|on|am|den|dato|datum|pvm|le|il|op))?$"
    rf"|(?:{AGREEING})\w* (?:is |was |har |är )?(?:{WITHDRAWN})\b|\b(?:{WITHDRAWN}) (?:du )?(?:{AGREEING})"
    rf"|^(?:brak|geen|pas de|no|ingen|inget) (?:{AGREEING})\w*$|^(?:fecha de )?baja$|^robinson(?:list\w*)?$"
    r"|^(?:kündigung|austritt|peruutus)(?:s?datum|s?päivä|en)?$|^(?:werbe)?widerspruch$|^sprzeciw$"
    rf"|(?:{_LETTER})\w* (?:was |is )?(?:{ENDED})\b|\b(?:{ENDED}) \w{{0,12}}(?:{_LETTER})"
    r"|^(?:.*\bsubscriber disabled|left (?:at|on)|date left|(?:left|leaving|cancellation|removal|deletion) date"
    r"|no ?mail(?: reason)?|nej ta(?:ck|k)|tack(?:at|ar) nej|no thanks|utgår|remove(?: me)?|ta bort(?: mig)?|erase"
    r"|radera|exclude|exclusion"
    r"|do ?not send|don ?t (?:e ?)?mail|dn[em]|(?:e )?\w*(?:post|mail|mejl|utskicks)stopp|to be deleted"
    r"|gdpr (?:delete|removal)|soft ?deleted(?: at)?|withdrawn|withdrawal date|revoked|objected|objection|utträde"
    r"|utträtt|återkalla[td]?(?: den)?|återkallelse\w*|widerruf(?:en)?(?: am)?|til(?:bake|bage)kald?t"
    r"|trukket(?: til\w+)?|reserver(?:at sig|t)|churned|(?:leave|quit|cancel|churn) date"
    r"|(?:avsluts?|uppsägnings|utträdes)(?:orsak|anledning)|(?:cancel\w*|leaving|termination|churn) reason"
    r"|(?:avslut\w*|uppsägnings)datum|utträdesdatum|(?:har )?slut(?:at|tet)(?: .*)?|fratrådt"
    r"|(?:har )?lämnat(?: listan)?"
    rf"|(?:ej|inte) aktuell|inaktuell|(?:vill|önskar) (?:ej|inte)(?: ha)?|\w*kielto)$"
)
_BARRED = re.compile(
    r"\b(?:(?:block|black) ?list\w*|hard ?bounce\w*|e ?mail bounced|suppress\w*|complaints?"
    r"|spam complain(?:ts?|ing)|complained|quarantined?|(?:e ?post|e ?mail|mail|mejl) studs\w*"
    r"|bounced? reason|(?:orsak|anledning) .*(?:studs|avvis)\w*|(?:studs|avvis)\w* ?(?:orsak|anledning)"
    r"|undeliverab\w*|\w*spärr(?:ad|at|lista)?|\w*sperr(?:e|liste|vermerk)|liste noire"
    r"|lista n[ei]gr?a|zwarte lijst"
    r"|hårda? ?studs\w*|bounce (?:date|am|on|at)|svartlist\w*|svart lista|spärrmarkerad"
    r"|(?:bounce|studs)\w* (?:hard|hårda?)|bounce ?backs?"
    r"|(?:bounce|studs) ?(?:status|type|typ)|skräppostanmäl\w*|spam ?report\w*"
    r"|(?:marked|reported|markerad|anmäl[dt]) (?:e ?mails? )?(?:as |som )?spam)\b"
    rf"|\b(?:{WRONG}|blocked|blockerad) (?:e ?mail|e post|mail|mejl|add?ress)"
    rf"|(?:e ?mail|e post|mail|mejl|adress\w*) (?:{WRONG})\b"
    r"|^(?:(?:is|was|has|är|har) )?(?:bounced|blocked|blockerad|gesperrt|sperret|spærret|estetty|spam"
    r"|junk|abuse|hb|studsad|studsat|returnerad|returnert|suspended|(?:e ?mail )?on hold|invalid"
    r"|ogiltig|ungültig|ugyldig|undeliverable|felaktig|ongeldig|geblokkeerd|zablokowan[ya]|bloqué|bloquead[oa]"
    r"|bloccat[oa]|rebotad[oa]|npai|odbi(?:cie|t[ya]))"
    r"(?: (?:at|on|am|den|dato|datum|pvm))?$"
)
#: In which list somebody stands, though the column is called a status.
_LISTED = re.compile(r"\b(?:block ?list|black ?list|suppression|dnc|do not (?:contact|mail|e ?mail))\w*\b")
#: Columns in which a yes says that nobody knows any more whether letters arrive or are wanted.
_RESTING = re.compile(
    r"(?:(?:contact|kontakt|person|member|medlem) )?(?:(?:is|är|ist|er) )?(?:inactive|inaktiv|hidden|dold"
    r"|versteckt|skjult"
    r"|(?:paused|pausad|pausiert)(?: (?:till|until|t o m|bis))?|vilande"
    r"|(?:retur|returnerad|returned) (?:post|mail|mejl)"
    r"|suspend|(?:marketing|e ?mail) suspended|pensionerad|retired"
    r"|bounces?|(?:fel)?studs(?:ar|ade)?|retur(?:er)?|banned|stopped|stopp(?:ad)?|left|quit|bort|död|nej|avslut|uppsägning"
    r"|(?:.* )?opt ?in pending|reserverad|reservasjon|unconfirmed|unverified|obekräftad|unbestätigt"
    r"|(?:ej|inte|not) (?:bekräftad|confirmed|verified|aktiv|active))"
)
#: Columns about something else, in which people write, too, who must not be written to.
_REMARKS = re.compile(
    r"(?:.* )?(?:preferences?|preferred|önskemål|channels?|kanal(?:er)?|kontakt(?:sätt|väg|vägar|kanal)|utskick"
    r"|kommunikation\w*|communications?|notes?|anteckning(?:ar)?|notering(?:ar)?|kommentar(?:er)?|comments?|remarks?"
    r"|anmärkning(?:ar)?|obs|övrig\w*|info|noter|memo|historik|bemerkung(?:en)?|notizen?|huomautu\w*|merknad(?:er)?|bemærkning(?:er)?"
    r"|opmerking(?:en)?|notities?|uwagi|komentarz\w*|notatk\w*|commentaires?|remarques?|observaci[oó]n(?:es)?|comentarios?"
    r"|annotazioni)(?: .*)?"
)


@lru_cache(4096)
def tells(column: str) -> bool:
    """Whether a column says who is still subscribed, or who is not."""
    return _claims(column) or hints(column)


@lru_cache(4096)
def hints(column: str) -> bool:
    """Whether a *column* is about mail or consent in its own words: then only a plain yes or no tells."""
    about = bool(_ABOUT.search(column))
    return about and not (_claims(column) or _ELSEWHERE.search(column) or _ASIDE.search(column))


def remarks(column: str) -> bool:
    """Whether a *column* about something else may say in words, too, that somebody must not be written to."""
    return bool(_REMARKS.fullmatch(column)) or hints(column)


def elsewhere(column: str) -> bool:
    """Whether a *column* is about other ways to reach somebody, or has something about leaving in every row."""
    return bool(_ELSEWHERE.search(column))


@lru_cache(4096)
def bars(column: str) -> Standing:
    """Return what it means that something stands in a *column* of those who left; NOTHING for another column."""
    if _TALLIED.fullmatch(column):
        return Standing.SUPPRESSED
    if _ELSEWHERE.search(column) or (_STATUS.fullmatch(column) and not _LISTED.search(column)):
        return Standing.NOTHING
    # What follows a question for a yes is none of its own: “Vill du ha brevet? Ingen reklam”.
    if (left := _LEAVING.search(column)) and not re.search(_WISHED, column[: left.start()]):
        return Standing.UNSUBSCRIBED
    if _BARRED.search(column):
        return Standing.SUPPRESSED
    return Standing.PENDING if _RESTING.fullmatch(column) else Standing.NOTHING


def refuted(column: str, words: Iterable[str]) -> bool:
    """Whether *words* show that a *column* that `hints` is about something else."""
    heard = set(words) - {""}
    # Beside a yes and a no, another letter is a third answer.
    answers = {meaning(word) for word in heard if PLAIN.fullmatch(word)}
    coded = {Standing.CONFIRMED, Standing.UNSUBSCRIBED} <= answers
    # Beside a yes, “null” is no answer.
    agreed = Standing.CONFIRMED in map(meaning, heard)
    known = (
        PLAIN.fullmatch(word)
        or meaning(word)
        or (agreed and DOUBTING.fullmatch(word))
        or (coded and CODE.fullmatch(word) and word.isalpha())
        for word in heard
    )
    return hints(column) and not all(known)


def certain(column: str, words: Iterable[str]) -> bool:
    """Whether a *column* with such *words* can be about nothing but the subscription."""
    if hints(column):
        heard = set(words) - {""}
        return bool(heard) and not refuted(column, heard)
    if not _PERHAPS.fullmatch(column):
        # Where some answer yes, every other word is an answer, too; else it may be the name of a letter.
        yes = any(_AGREED.match(word) and meaning(word) is Standing.CONFIRMED for word in words)
        return _states(column) or (yes and _asks(column))
    said = {meaning(word) for word in words if not PLAIN.fullmatch(word)} - {Standing.NOTHING}
    return bool(said - {Standing.CONFIRMED} if column.endswith("type") else said)


def answered(column: str, words: Iterable[str]) -> bool:
    """Whether others say yes in a *column* that asks, or tells how somebody stands: so silence there is no yes."""
    if (
        dated(column)
        and (heard := [word for word in words if not NEVER.fullmatch(word)])
        and all(map(LONG.search, heard))
    ):
        return True
    if _PROVED.fullmatch(column) or _MILDLY.fullmatch(column):
        ticked = re.fullmatch(_ALIVE, column) is not None
        return any(LONG.search(word) or (ticked and meaning(word) is Standing.CONFIRMED) for word in words)
    if bars(column) or ("opt" in column and not re.search(_LETTER, column)):
        return False
    if hints(column) or "opt" in column:
        answers = {meaning(word) for word in words if word and PLAIN.fullmatch(word)}
        return Standing.CONFIRMED in answers
    if _asks(column):
        # Who ticks a box says what stands beside it; many write the day there.
        return any(meaning(word) in (Standing.CONFIRMED, Standing.NOTHING) for word in words if word)
    known = (meaning(word) for word in words if word and not LONG.search(word))
    told = _states(column) or (_PERHAPS.fullmatch(column) and not column.endswith("type"))
    return bool(told) and Standing.CONFIRMED in known


@lru_cache(4096)
def dated(column: str) -> bool:
    """Whether a *column* of days says when somebody agreed to letters, so that silence beside a day is no yes."""
    aside = _ELSEWHERE.search(column) or _ASIDE.search(column) or bars(column)
    return period.agreed(column) and not aside


def silent(word: str, column: str) -> bool:
    """Whether a *word* says nothing, in a *column* of days such as that of agreeing also by what is no day."""
    days = _PROVED.fullmatch(column) or dated(column)
    return not word or bool(days and NEVER.fullmatch(word) and not PLAIN.fullmatch(word))


def vague(column: str) -> bool:
    """Whether a *column* may as well be about something else, so that only its words tell what it is about."""
    return bool(_PERHAPS.fullmatch(column))


def private(column: str) -> bool:
    """Whether a *column* holds what no letter needs and nobody should have: a network address, a password."""
    return bool(_PRIVATE.search(column))


def proves(column: str) -> bool:
    """Whether a *column* holds what somebody said to a question of consent, or when, where and how."""
    return bool(_CONSENT.search(column)) and not _ELSEWHERE.search(column)


def telling(words: Iterable[str]) -> list[str]:
    """Return few of *words*, in which `certain` and `answered` hear what they hear in all of them."""
    return [
        *{
            (not word, bool(PLAIN.fullmatch(word)), bool(LONG.search(word)), meaning(word)): word for word in words
        }.values()
    ]


@lru_cache(4096)
def standing(word: str, column: str = "status", *, sure: bool = False) -> Standing:
    """Return what a cell in a *column* that `tells` says.

    NOTHING for a word that is not known; if it is *sure* that the column is about the subscription, PENDING: no
    consent is made of what nobody understands.
    """
    if word in _LETTERS and not vague(column):
        word = _LETTERS[word]
    if silent(word, column):
        return Standing.NOTHING
    said = meaning(word)
    if barred := bars(column):
        if NEVER.fullmatch(word) or word.startswith("http"):
            return Standing.NOTHING
        # Some programs list beside the bounces who asked to leave.
        return Standing.UNSUBSCRIBED if said is Standing.UNSUBSCRIBED else barred
    if hints(column) and not sure:
        return Standing.NOTHING
    if column.endswith(_PLACES) and (PLAIN.fullmatch(word) or CODE.fullmatch(word)):
        return Standing.NOTHING
    if said is Standing.UNSUBSCRIBED and _mild(column):
        return Standing.PENDING
    if said is not Standing.NOTHING or not word:
        return said
    # A question may be answered by where and when somebody agreed.
    asks = _asks(column)
    if asks and forbids(word):
        return Standing.UNSUBSCRIBED
    bare = undated(word)
    heard = word if asks and not DOUBTING.fullmatch(bare) else bare
    return Standing.PENDING if not LONG.search(heard) and _unclear(heard, column, sure=sure) else said


def _unclear(word: str, column: str, *, sure: bool) -> bool:
    """Whether a *word* that is not known makes it unclear if somebody agreed. Some write codes: 2 is no yes."""
    asked = bool(_CONSENT.search(column)) or bool(DOUBTING.fullmatch(word))
    return sure or bool(CODE.fullmatch(word)) or (asked and _asks(column))


def _claims(column: str) -> bool:
    """Whether a *column* is known to be, or may be, about how a subscription stands."""
    known = (_PERHAPS, _MILDLY, _PROVED, period.UNTIL)
    return (
        any(each.fullmatch(column) for each in known)
        or bool(bars(column))
        or _states(column)
        or _asks(column)
        or dated(column)
    )


def _mild(column: str) -> bool:
    """Whether a no in a *column* means only that nobody knows yet."""
    return bool(_MILDLY.fullmatch(column)) or hints(column)


def _states(column: str) -> bool:
    return bool(_STATUS.fullmatch(column)) and not _ELSEWHERE.search(column)


def _asks(column: str) -> bool:
    asked = _CONSENT.search(column) or _WANTED.search(column)
    return bool(asked) and not _ELSEWHERE.search(column) and not _BESIDE.search(column)
