"""Know what the words in a cell say of a subscription, in the languages around us. `claims` asks.

Words are compared as `heading.words` writes them: small letters, single spaces.
"""

import re
from functools import lru_cache

from subscribers.status import Standing

#: No answer of anybody is longer, in characters: a cell that is holds something else, which nobody understands.
LONGEST = 1000

#: Nor is a status of two words, in characters.
_SHORT = 60

#: Yes and no as spreadsheets and forms write them.
YES = r"yes|ok|okej|okay|ja|oui|sí|si|sim|kyllä|tak|jah|да|так|true|sant|wahr|vrai|verdadero|waar|tosi"
NO = r"no|nej|nein|non|nei|nee|ei|não|nao|nie|нет|ні|false|falskt|falsch|faux|falso|onwaar|epätosi"
#: Parts of words for agreeing to something.
AGREEING = (
    r"samtyck|samtykk|einwillig|zustimm|toestem|suostum|consent|consens|medgiv|tillstånd|tillåt|godkän|accept|permission"
    r"|\w*lupa\b|\bzgod[aęy]\b"
)
#: How people leave.
LEFT = (
    r"unsub\w*|opt(?:ed|s)? ?outs?|avreg(?:ist\w*)?|avanmäl\w*|avprenum\w*|avböj\w*|avsagt|avmeld\w*|afmeld\w*"
    r"|ausgetragen|abgemeld\w*|abmeld\w*|austrag\w*|abbestell\w*|d[ée]sabonn\w*|d[ée]sinscri\w*|dado de baja"
    r"|meldt (?:seg |sig )?(?:av|ut|fra)|uitschrij\w*|opgezegd|opzeg(?:ging|datum)|zrezygnowa\w*|rezygnacj\w*"
    r"|wyrejestrow\w*|cancelad[oa]s?|disiscri\w*|wypisan\w*|відписа\w*|отписа\w*|uitgeschreven|afgemeld\w*|frameld\w*"
    r"|utmeld\w*|udmeld\w*|peruttu|peruutettu|peruutus|descadastr\w*|loobu\w*|odhl[áa][sš]\w*|odjavl\w*"
    r"|leiratkoz\w*|dezabon\w*|atsisak\w*|atteic\w*|afskráð\w*|abonelikten\w*|iptal\w*"
)
#: What has come to an end, of a person or of their subscription.
ENDED = (
    r"deleted|archived|removed|disabled|deactivated|cancell?ed|ended|avsluta(?:d|t|de|des|ts)|avbruten|avbröts|upphörde"
    r"|upphört|utgåt?t|utgång[ea][nt]|makulerad|annullerad|gallra[ds]|raderas|(?:ta|tas|togs) bort|borttagen"
    r"|raderad|arkiverad|avaktiverad|inaktiverad|uppsagd|utträdd|deaktiviert|gelöscht|beendet|gekündigt|slettet"
    r"|avsluttet|afsluttet|opsagt|poistettu|poistunut|päättynyt|sluttet|fjernet|oppsagt|entfernt|storniert|eronnut"
    r"|verwijderd|beëindigd|geannuleerd|usunięt[ya]|anulowan[ya]|supprimée?|résiliée?|annulée?|eliminad[oa]"
    r"|borrad[oa]|eliminat[oa]|cancellat[oa]"
)
#: What is taken back of an agreement, or is over.
WITHDRAWN = (
    r"withdrawn|revoked|expired|återkalla\w*|indrag\w*|utgång\w*|upphört|widerrufen|zurückgezogen|trukket\w*"
    r"|til(?:bage|bake)kal\w*|peruttu|peruutettu|ingetrokken|intrekking|cofnię\w*|wycofan\w*|retrait|retirée?|revoca[td][oa]"
)
#: Whoever died.
DEAD = "avliden|deceased|verstorben|avdød|afdød|overleden|décédée?|fallecid[oa]|decedut[oa]|kuollut|zmarł[ya]?"
#: What is wrong with an address.
WRONG = (
    r"invalid|wrong|bad|error|fel|felaktig|ogiltig|okänd|ungültige?|ugyldig|forkert|virheellinen"
    r"|ongeldig|invalide|nieprawidłowy|błędny|inválid[oa]|non valid[oa]"
)
#: A yes that something short beside it takes back; a long one may be the sentence that was agreed to.
_NOT_QUITE = (
    rf"(?:{YES})(?: \S+){{0,2}} (?:{NO}|inte|ej|not|{LEFT}|{ENDED}|till|tills|until|t o m|tom|bis)(?: \S+){{0,3}}"
)
#: What they say, the first that fits. A date says nothing of how somebody stands.
_SAID = (
    (re.compile(_NOT_QUITE), Standing.PENDING),
    (
        re.compile(
            rf"(?:{YES})(?: .*)?|1|[jy]|on|x|checked"
            r"|(?:(?:double|single|confirmed) )?opt(?:ed)? ?in(?: confirmed)?"
            r"|(?:japp|jepp|jo|jajamän|gärna|gerne?|absolut|självklart|givetvis|sure|of course)"
            r"|subscribed|subscriber|enabled|premium|gifted|paid|free|complimentary"
            r"|(?:active|aktiv)(?: (?:subscriber|member|patron|prenumerant|abonnent|medlem))?|confirmed"
            r"|regular|explicit|express|implied|given|granted|valid|verified|deliver(?:able|ed)"
            r"|marketing [ck]onta[ck]t|added|(?:marknadsför|markedsfør)ingskontakt"
            r"|bekräftad|prenumererar|prenumerant|abonné\w*|abonnent|inscrite?"
            r"|inscrit[oa]"
            r"|suscrit[oa]|iscritt[oa]|ingeschreven|tilmeldt|påmeldt|tilannut|angemeldet|abonniert|abonnerer|abonnert|bestätigt"
            r"|bekreftet|bekræftet|confirmée?|confirmad[oa]|confermat[oa]|acti[fv][oe]?|ativ[oa]|attiv[oa]|actief"
            r"|gitt|givet|erteilt|annettu|aktiivinen|vahvistettu|tilaaja|aktywn\w*|aktivní|aktív|aktif|virkur|aktiivne|aktīv[sa]|aktyvus|zapisan\w*|актив\w*|подписан\w*"
            r"|підписан\w*|alta"
        ),
        Standing.CONFIRMED,
    ),
    (
        re.compile(
            r"(?:a?waiting|väntar på)(?: for)? (?:confirm|bekräft|opt ?in)\w*"
            r"|unconfirmed|unactivated|unverified|(?:.* )?pending\b.*|validating|väntar|väntande|obekräftad"
            r"|unbestätigt|(?:nicht|non|no|niet|ikke|não|ei) (?:bestät|confirm|conferm|bevestig|bekr|vahvist)\w*"
            r"|kinnitamata|(?:neapstiprin|nepatvirtin|nepotvrzen|niepotwierdz)\w*|не підтвердж\w*|не подтвержд\w*"
            r"|en attente|pendiente|(?:never|aldrig|aldri)\b.*|transactional|soft\b.*"
            r"|(?:non|nicht|niet|icke|ikke) marketing\b.*"
            r"|not (?:confirmed|verified)|ej bekräftad"
            rf"|(?:no|ingen|inga|inget|intet|kein\w*|without|utan|ohne|ikke|geen|brak|bez|pas de|sans)"
            rf" (?:opt ?in|(?:{AGREEING})\w*)"
            rf"|(?:{AGREEING})\w* (?:saknas|fehlt|missing|mangler|puuttuu)"
            r"|(?:former|previous|ex|tidigare|före detta|f ?d|ehemalig\w*|tidligere|entinen)"
            r" (?:patron|member|subscriber|medlem|prenumerant|abonnent|mitglied|jäsen|tilaaja)\w*|lapsed|past due"
            r"|bouncing|[45] (?!1 )\d \d{1,3}|4 1 \d{1,2}"
        ),
        Standing.PENDING,
    ),
    (
        re.compile(
            rf"(?:{NO})(?: \D.*)?|0|minus 1|n|ej|inte|tacka[tr]? nej"
            r"|.*\b(?:samtycker|godkänner|vill|önskar) (?:inte|ej)\b.*|.*\b(?:do|does) not\b.*|.*\bdon t\b.*"
            rf"|(?:{LEFT})\b.*|(?:{ENDED})(?: (?:at|on|am|den|by|\d).*)?|(?:de )?baja|cancel.*|unchecked|{DEAD}"
            r"|revoked|withdrawn|declined|denied|refused|rejected|left|(?:not|non|ej) ?(?:subscri|prenum).*"
            r"|(?:prenumererar|abonnerer) (?:inte|ej|ikke)\b.*"
            r"|avslut.*|lämnat|struken|bortplockad|bort|stopp?|återkall.*|nekat|nekad|avslagit|off"
            r"|widerrufen|zurückgezogen|abgelehnt|trukket.*|tilbagekal.*|tilbakekal.*|trækket.*|kielletty"
        ),
        Standing.UNSUBSCRIBED,
    ),
    (
        re.compile(
            r"(?:(?:hard|permanent) ?)?bounce.*|block.*|blacklist.*|cleaned.*|(?:isp ?)?complain.*|junk|abuse.*"
            r"|(?:marked as )?spam.*"
            # Statuses of RFC 3463: nobody has the address.
            r"|5 1 \d{1,2}"
            r"|unreachable|undeliverable|suppress.*|quarantin.*|(?:(?:hård|permanent) ?)?studs.*|spärrad|ogiltig.*"
            r"|npai|liste noire|lista n[ei]gr?a|czarna lista|zwarte lijst|zablokowan.*|bloqu.*|bloccat.*"
            r"|odbi(?:cie|ty|ta)\b.*|onbestelbaar|unzustellbar|rimbalz.*"
            r"|gebounc.*|rebond.*|rebotad.*|gesperrt|sperret|spærret|geblok.*|ungültig.*|ugyldig.*|invalid.*"
            rf"|(?:{WRONG}) (?:e ?mail|e post|mail|mejl|adress)\w*"
        ),
        Standing.SUPPRESSED,
    ),
    (
        re.compile(
            rf".*(?:{AGREEING})\w* (?:(?:is|was|has|been|har|är|er) )*(?:{WITHDRAWN})\b.*"
            rf"|(?:{WITHDRAWN}) (?:du )?(?:{AGREEING}).*"
        ),
        Standing.UNSUBSCRIBED,
    ),
    # Whoever agrees says so in a sentence, and whoever does not has a word for it somewhere.
    (
        re.compile(
            r"(?=.*\b(?:not|no|without|inte|ej|icke|ikke|inget|ingen|utan|nicht|kein\w*|ohne|non|pas|niet|geen|ei"
            r"|nie|brak|bez|sans|sin|senza)\b)"
            rf".*(?:{AGREEING}|agree).*|disagree.*"
        ),
        Standing.PENDING,
    ),
    (re.compile(rf".*(?:{AGREEING}|\bagree).*"), Standing.CONFIRMED),
)
#: A plain yes or no, which says how a subscription stands only where that is what the column asks.
PLAIN = re.compile(rf"{YES}|{NO}|1|[jyt]|on|off|x|0|[nf]")
#: What people answer who do not answer.
DOUBTING = re.compile(
    r"(?:inget|ingen|none|keine[rs]?|aucune?)(?: (?:of|av|von|der|des|de) .*)?|inga|ingenting"
    r"|unknown|unsure|unspecified|undefined|none|null|nan|n a|saknas|missing|okän[dt]|vet (?:ej|inte)|unbekannt"
    r"|ukjent|ukendt|keine|ingen|inget|tuntematon|later|senare|(?:maybe|perhaps|kanske|kanskje|måske|vielleicht|ehkä"
    r"|not|inte|ej|icke|ikke|nicht) .+|maybe|perhaps|kanske|kanskje|måske|vielleicht|ehkä"
    r"|(?:not|nicht|ikke|ej|inte|icke|ei) (?:specified|given|granted|set|asked|recorded|erteilt|gegeben|gitt|givet"
    r"|lämna\w*|angiv\w*|angett|oppgitt|oplyst|svara\w*|tillfrågad|annettu|tiedossa)"
)
#: What some programs write instead of a word: a number, or one letter.
CODE = re.compile(r"[2-9a-zåäö]")
#: A date, or another number that is no status.
LONG = re.compile(r"\d\d")
#: What a day and an hour are made of.
_DAY = re.compile(
    r"\d\w*|den|sedan|since|seit|kl|am|pm|on|at|utc|gmt|ces?t"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|mån|tis|ons|tor|fre|lör|sön)(?:s?day|s?dag)?"
    r"|jan(?:uar[iy]?)?|feb(?:ruar[iy]?)?|mar(?:s|ch)?|märz?|apr(?:il)?|ma[yij]|jun[ie]?|jul[iy]?|aug(?:usti?)?"
    r"|sep(?:tember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[csz](?:ember)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Where somebody left: nothing happened, or what passes.
NEVER = re.compile(
    rf"(?:{NO}|n|none|null|nan|n a|never|aldrig|aldri|nie|jamais|nunca|mai|inte|ej|ingen|opted in|subscribed"
    r"|allow(?:ed)?|contactable|tillåt|tillåten|tillad|tillat|zulassen|toestaan|autoriser|permitir|consenti|salli"
    r"|ok|valid|active|aktiv|no(?:ne|t)? bounced?"
    r"|(?:soft|transient|temporary|mjuk)\w*(?: .*)?|off)|[0 ]*"
    # The day from which computers count, which is what they write for none.
    r"|(?:0001|1899|1900|1970)(?: \d\d?){2}(?:[ t].*)?|\d\d? \d\d? (?:0001|1899|1900|1970)(?: .*)?"
)
#: Letters by mail, and being written to.
_MAIL = (
    r"(?:e ?mails?|e ?post\w*|post(?:en)?|mail(?:s|et|en)?|mailings?|mejl\w*|utskick\w*|nyhetsbrev\w*|newsletters?"
    r"|contact\w*|kontakt\w*"
    r"|reklam\w*|marketing|marknadsföring\w*|sähköposti\w*|uutiskirje\w*|markkinointi\w*|werbung|brev(?:et|en)?"
    r"|nieuwsbrie\w*|infolettre|lettres?|courriels?|correos?|(?:e ?)?maili|newslettera|anschreiben|mailen)"
)
#: How people ask, in a word about something else, not to be written to; by telephone only is no such wish.
_FORBIDS = re.compile(
    rf"(?:please )?(?:do not|don t|never|stop) (?:contact|e ?mail|mail|send|write)\b.*"
    r"|(?:(?:vill|vil|önskar|ønsker|får|ska|skal|skall|will|möchte|bitte|wil|wenst|prosz[ęe]|hon|han|jag) )*"
    r"(?:no|not|ej|inte|inga|ingen|inget|icke|ikke|kein\w*|nicht|ei|geen|niet|nie|pas|ne|sin|non)"
    r" (?:(?:more|fler|mera?|längre|ha|få|har|får|flere|mehr|meer|wysyłać|chce|souhaite|veut|pas|plus|envoyer"
    rf"|recevoir|de|la|enviar|más|quiere|inviare|più) )*{_MAIL}\b.*"
    rf"|.*\b(?:slippa?|reserver\w* mot) (?:\w+ )?{_MAIL}\b.*"
    r"|.*\b(?:sagt|säger|säga|sade) upp (?:\w+ )?(?:prenum|abonn)\w*.*"
    rf"|(?:.* )?(?:nej till|no to|nein zu|nei til) (?:\w+ )?{_MAIL}\b.*"
    r"|kontakta (?:ej|inte)\b.*|(?:får|ska) (?:ej|inte) kontaktas\b.*|undanber\b.*"
    r"|ta bort(?: (?:mig|oss|från)\b.*)?"
    rf"|(?:unsub\w*|opt(?:ed)? ?out|avprenum\w*|avregistrera\w*)(?: .*)?|(?:avanmäl\w*|avböj\w*) .*{_MAIL}\b.*"
)
_OTHERWISE = re.compile(
    r"\b(?:address|adress\w*|phone|telefon\w*|tel|sms|calls?|call|ring\w*|mobil\w*|fax|whatsapp|reply|svar\w*"
    r"|before|until|without|innan|förrän|utan)\b"
)


@lru_cache(4096)
def forbids(word: str) -> bool:
    """Whether a cell about other things says not to write to somebody."""
    asked = undated(word) if word[:1].isdigit() else word
    return len(word) <= LONGEST and bool(_FORBIDS.fullmatch(asked)) and not _OTHERWISE.search(word)


@lru_cache(4096)
def meaning(word: str) -> Standing:
    """Return what a cell says, the first that fits; NOTHING for words that are not known.

    ``spärrad 2024 05 06`` says what it says without the day.
    """
    if len(word) > LONGEST:
        return Standing.PENDING
    said = next((said for pattern, said in _SAID if pattern.fullmatch(word)), Standing.NOTHING)
    if said is Standing.NOTHING and undated(word) != word:
        return meaning(undated(word))
    return Standing.CONFIRMED if said is Standing.NOTHING and _twice(word) else said


def _twice(word: str) -> bool:
    """Whether two words say yes, one behind the other: ``active confirmed``."""
    gaps = [place for place, sign in enumerate(word) if sign == " "] if len(word) <= _SHORT else ()
    parts = ((word[:gap], word[gap + 1 :]) for gap in gaps)
    return any(min(map(len, part)) > 3 and {*map(meaning, part)} == {Standing.CONFIRMED} for part in parts)


def undated(word: str) -> str:
    """Return what stands beside a day, ``spärrad`` for ``spärrad 2024 05 06``; a day alone stays."""
    said = word.split()
    while said and _DAY.fullmatch(said[-1]):
        said.pop()
    # A server's codes are no day: “550 5.1.1 no such user”.
    if any(map(_YEAR.fullmatch, said[:3])):
        while said and _DAY.fullmatch(said[0]):
            said.pop(0)
    return " ".join(said) or word
