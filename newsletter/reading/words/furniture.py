"""Know the lines of a page that are furniture, not text: navigation, sharing, cookies, the form for answers.

English and Swedish, and the commonest of their neighbours. A line is furniture only when nothing else stands in
it, so an article about cookies or menus stays whole.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from newsletter.reading.words import commentform
from newsletter.reading.words.buttons import NAVIGATION
from newsletter.reading.words.later import later
from newsletter.wording import phrases

#: Words of menus that are headings of articles too, where they stand alone.
MENU = frozenset(
    phrases("""
        research|education|forskning|utbildning|studenter|students|services|tjänster|careers|jobs|karriär|people
        team|products|projects|projekt|produkter|support|partners|members|medlemmar|media|resources|galleri
        gallery|shop|us|oss|store|donate|library|bibliotek|verksamhet|organisation
    """)
)
#: Lines after which other articles are shown.
OTHERS = later(
    r"(?:related|more|latest|recent|other|recommended|further|similar|popular)\s+(?:\w+\s+)?"
    r"(?:news|posts?|articles?|stories|reading|content|events?|topics)"
    r"|related information|relaterad information"
    r"|(?:relatera(?:de?|t)|fler|mer|senaste|andra|liknande|aktuella|rekommenderade?)\s+"
    r"(?:\w+\s+)?(?:nyheter(?:na)?|nytt|aktuellt|inlägg|artiklar|artikel|läsning|innehåll|evenemang|händelser|aktiviteter|berättelser|länkar)"
    r"|you (?:may|might) also (?:like|enjoy|be interested in|want to \w{2,10})|also read|read also|read next|"
    r"keep reading|what's next|most (?:read|popular)(?: .{2,30})?|mest (?:lästa?|leste?|læste?)(?: .{2,30})?"
    r"|more from .{2,40}|more like this|in other news|latest|related|senaste|relaterat|läs också|läs även|"
    r"läs vidare"
    r"|du kanske också gillar|det här kanske också intresserar dig|i korthet|kort och gott|in brief|in short"
    r"|(?:weitere|mehr|aktuelle|andere|ähnliche|verwandte) (?:\w+ )?"
    r"(?:nachrichten|meldungen|artikel|beiträge|einträge|themen|neuigkeiten)"
    r"|das (?:thema )?könnte (?:sie|dich) auch interessieren|(?:mehr )?zum thema|lesen sie auch|lire aussi"
    r"|lue myös|muita (?:uutisia|juttuja)"
    r"|(?:flere|andre|relevante|siste|seneste|aktuelle|relaterte|relaterede|lignende) (?:\w+ )?"
    r"(?:nyheter|nyheder|saker|artikler|arrangementer)|les også|læs også"
    r"|(?:senaste|mer) (?:nytt )?från .{2,40}|notiser|nytt i korthet|news in brief",
    re.IGNORECASE,
)

#: Those of them that a page of news has over none of its own.
BESIDE_OTHERS = later(
    r"(?:related|relatera(?:de?|t))(?: \w{1,30})?|also read|read also|read next|läs (?:också|även|vidare)|"
    r"lue myös|les også|læs også|you (?:may|might) also (?:like|enjoy|be interested in)|more like this|"
    r"du kanske också gillar|"
    r"det här kanske också intresserar dig|(?:ähnliche|verwandte) \w{1,30}|lesen sie auch|lire aussi|"
    r"das (?:thema )?könnte (?:sie|dich) auch interessieren",
    re.IGNORECASE,
)
#: The subjects that newspapers write above a title.
SUBJECTS = frozenset(
    phrases("""
        breaking news|breaking|local news|latest news|top stories|senaste nytt|just nu|lokalt|inrikes|utrikes
        debatt|insändare|ledare|krönika|kultur|kultur & nöje|sport|nöje|opinion|editorial|culture|sports|näringsliv
        business|eilmeldung|lokales|meinung
    """)
)
#: Headings over what an article is filed under.
FILED = re.compile(
    r"(?:ämnen|regioner|kategorier|taggar|nyckelord|tags|(?:related )?topics|categories|regions|keywords|"
    r"filed under|schlagworte|schlagwörter|stichwörter|kategorien|etiketter|emneord|aiheet|asiasanat|avainsanat|"
    r"kategoriat|"
    r"sidan är märkt med följande kategorier):?",
    re.IGNORECASE,
)
#: Headings over the files of a press release.
FILES = re.compile(
    r"(?:dokument|documents?) (?:&|och|and) (?:länkar|links)|media(?:filer|files)?|ladda ne[rd](?: filer)?"
    r"|dateien|downloads|bifogade filer|attachments|liitteet|vedlegg",
    re.IGNORECASE,
)
#: Headings over whom the press may call, who wrote, and what readers answered.
BESIDE = re.compile(
    r"(?:kontakter|kontaktperson(?:er|en)?|contact persons?|presskontakt(?:er)?|(?:press|media) contacts?|"
    r"pressekontakt|mediekontakt(?:er)?|ansprechpartner(?:in)?|rückfragehinweis|"
    r"om (?:författaren|skribenten)|about the authors?|written by .{2,60}|"
    r"(?:über den autor|über die autorin)|responses \(\d+\)):?",
    re.IGNORECASE,
)
#: Headings over how somebody is reached.
REACHING = re.compile(
    r"(?:kontakta?(?: oss|uppgifter)?|contact(?: us| details)?|(?:för )?(?:mer|ytterligare|vidare) information|"
    r"(?:for )?(?:more|further) information|(?:für )?(?:weitere|nähere) informationen|rückfragen|"
    r"frågor|questions|vill du veta mer)"
    r"(?:,? (?:vänligen |please )?(?:kontakta?|contact))?\??:?",
    re.IGNORECASE,
)
#: What a site says of its cookies.
COOKIES = later(
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? (?:\w+ ){0,3}cookies\b.{0,300}"
    r"|(?:vi|(?:den här |denna |vår )?(?:webbplatsen|webbplats|webbsidan|sajten|sidan)) använder "
    r"(?:\w+ ){0,3}(?:cookies|kakor)\b.{0,300}"
    # An article about them says nothing of what its reader agrees to.
    r"|(?:på )?(?:[\w-]{2,40}\.){1,3}[a-z]{2,10} (?:uses cookies|(?:använder|används) (?:cookies|kakor))\b"
    r"(?=.*\b(?:continu|agree|accept|fortsätt|godkän)).{0,300}"
    r"|by (?:continuing|using) .{0,60}\bcookies\b.{0,200}"
    r"|(?:vi|denne siden|dette nettstedet|denne hjemmeside) (?:bruker|bruger) (?:informasjonskapsler|cookies)"
    r"\b.{0,300}"
    r"|på (?:den här |denna |vår )?(?:webbplatsen|webbplats|webbsidan|sajten|sidan) används (?:cookies|kakor)"
    r"\b.{0,300}"
    r"|läs mer om (?:cookies|kakor) och hur (?:de|vi) använd.{0,60}"
    r"|(?:wir|diese (?:website|seite)) (?:verwenden|verwendet|nutzen|nutzt|setzen) cookies\b.{0,300}"
    r"|auf (?:dieser|unserer) (?:web)?(?:site|seite) werden cookies\b.{0,300}"
    r"|(?:ce site|nous) (?:utilise|utilisons) des cookies\b.{0,300}|(?:pour )?gérer vos consentements\b.{0,60}"
    r"|(?:käytämme|sivusto käyttää|tämä sivusto käyttää) evästeitä\b.{0,300}",
    re.IGNORECASE,
)
#: What a paper says to those who have not paid, in the place of the rest of an article.
PAID = later(
    r"(?:(?:for at|för att|for å) (?:\w+ )?(?:med at )?(?:læse|läsa|lese)|vill? du (?:\w+ )?(?:läsa|læse|lese)"
    r"|(?:want )?to (?:\w+ )?read(?:ing)? (?:the|this|our|more|on)|this (?:article|story|content) is"
    r"|(?:den här |denna |denne )?(?:artik(?:eln|len|kelen)|saken) (?:är|er)|um (?:den|diesen)|pour lire"
    r"|haluatko lukea"
    r"|(?:subscribe|log in|sign in|logga in|log ind|logg inn|prenumerera|bli(?:v|r)? (?:prenumerant|abonnent))"
    r"\b.{0,30} (?:to read|att läsa|at læse|å lese))\b.{0,120}"
    r"\b(?:abonn|prenumer|subscri|tilaaj|hel[ae] (?:artik|sak)|koko (?:juttu|artikkel)|ganzen? artikel|l.article"
    r"|(?:full|whole|rest of the|this) (?:article|story)).{0,200}",
    re.IGNORECASE,
)
#: How long it takes to hear an article.
HEARD = re.compile(r"(?:(?:listen|lyssna)\W{1,3})?\(?\d{1,3}:\d\d min\)?", re.IGNORECASE)
#: Who took a picture.
CREDIT = re.compile(
    r"(?:(?:film|video) (?:och|and|&) )?"
    r"(?:photo(?:grapher)?|image|picture|(?:genre|arkiv)?(?:foto(?:graf|s)?|bild)|kuvat?|illustra(?:tions?|tör))"
    r"(?: credit)?(?: by)?\s*[:;]\s.{2,80}",
    re.IGNORECASE,
)
#: Whole lines or paragraphs that vary in a word or two.
PATTERNS = later(
    # What can be done with cookies, and the heading over it.
    r"(?:accept|reject|allow|decline|refuse|view|manage|change|godkänn|acceptera|tillåt|neka|avvisa|hantera|visa|ändra)"
    r"\b.{0,25}\b(?:cookies|kakor)|(?:cookies|kakor) (?:on|på) .{2,40}"
    r"|(?:no comments|\d+ comments?|inga kommentarer|\d+ kommentar(?:er)?) (?:on|på|till) .{3,200}"
    r"|is this (?:page|information) (?:useful|helpful)\?|[^.]{2,60}['’]s post"
    r"|this (?:article|story) is more than (?:\d{1,2}|one|an?) (?:years?|months?|weeks?) old\.?"
    r"|this (?:post|article|page) is (?:also )?available in: .{2,60}"
    r"|(?:den här|denna) (?:artikeln?|texten?|nyhet(?:en)?|sidan?) är "
    r"(?:mer än|över|äldre än) \w{1,4} (?:år|månader)\b.{0,80}"
    r"|(?:den här|denna) sidan? är utskriven från .{3,300}|this page (?:is|was) printed from .{3,300}"
    r"|(?:laddar|läser in|loading)(?: \w{2,12})?[ .…]*"
    r"|this event has passed\.?|det här evenemanget har redan ägt rum\.?"
    # The first link of a page, in any words.
    r"|(?:(?:gå|hoppa|hopp|spring|fortsätt|skip|jump|go|continue|direkt|till|siirry|hyppää|zum|aller|saltar)\b.{0,20}"
    r"\b(?:huvud|hoved|pää)?(?:innehåll|innehållet|innhold|indhold|content|inhalt|sisältöön|contenu|contenido|navigation)"
    r"(?: på sidan| springen)?(?: \([^()]{2,30}\))?)"
    # When it was changed, where no day is told.
    r"|(?:(?:senast|sidan|sist|senest|last|page)\s){0,2}(?:uppdaterade?s?|ändrade?s?|granskade?s?|publicerade?s?|skapade?s?|"
    r"oppdatert|endret|publisert|opdateret|publi[cs]eret|veröffentlicht|updated|modified|reviewed|päivitetty|julkaistu)"
    r"(?: den| on)?:?|publi[cs]erings(?:datum|dato):?"
    # What a page says that could not be drawn.
    r"|an error (?:has )?occurred\.?|ett fel (?:har )?(?:inträffa[dt]e?|uppstått|uppstod)\.?"
    r"|(?:please )?try (?:refreshing|reloading) .{2,120}"
    r"|(?:\s*(?:share|dela)(?: (?:this|on|via|på|med|sidan|artikeln)){0,3}(?:[ :,|/·]+(?:on|på|via)?\s*(?:"
    r"facebook|linkedin|twitter|x|e-?mail|e-?post|whatsapp|instagram|mejl|bluesky|threads))+){1,9}"
    r"|(?:läs|se|visa|read|see|show|view) (?:fler|alla|more|all) (?:nyheter|artiklar|inlägg|pressmeddelanden|"
    r"evenemang|news|articles|stories|posts|press releases|events)"
    r"|(?:visa|show|view) (?:alla?|all) [^.!?]{3,120}"
    r"|(?:facebook|linkedin|twitter|instagram|youtube|x|e-?mail|e-?post|print|skriv ut)"
    r"(?:[ ,|/·•]+(?:facebook|linkedin|twitter|instagram|youtube|x|e-?mail|e-?post|print|skriv ut))+"
    r"|©.{0,150}|(?:\(c\)|copyright)\s.{0,150}|.{0,80}all rights reserved\.?"
    r"|.{0,80}alla rättigheter förbehållna\.?|.{0,80}جميع الحقوق محفوظة.{0,80}"
    r"|(?:zurück|takaisin)(?: .{2,40})?|(?:tillbaka|åter) till .{2,40}|back to .{2,40}|return to .{2,40}"
    r"|(?:hjälpte|var|hade du nytta av) .{0,20}(?:informationen|sidan|innehållet|texten).{0,40}\?"
    r"|(?:was|did) this .{3,40}\?|(?:follow us|följ oss)(?: (?:on|på|i))?[ :]+[\w ,|/·•&]{2,80}"
    r"|you (?:are )?(?:receiv|get)\w* this .{3,200}|du (?:får|har fått) (?:det här|detta) .{3,200}"
    r"|(?:page|sidan?|seite) \d+ (?:of|av|von) \d+|pages:[ \d]{1,60}"
    r"|(?:lästid|lesetid|reading time|lesezeit)\s*:?\s*\d+ min\w*"
    r"|\d+ (?:min|minutes?|minuters?) (?:read|läsning|lästid)|"
    r"\d+ (?:comments?|kommentar(?:er)?|views?|visning(?:ar)?):?"
    r"|(?:powered by|drivs med|proudly powered by) .{2,40}"
    r"|(?:you are here|du är här|nav(?:igation)?(?=:))\b.{0,150}"
    rf"|{CREDIT.pattern}"
    r"|(?:photo|image|picture) by [^.]{2,60}"
    r"|(?:läs (?:också|även|mer|vidare)|read (?:also|more|next)|see also|se även|lees ook|lea también|"
    r"à lire aussi)\s*[:–—]\s+[^.]{3,120}"
    r"|(?:subscribe to|sign up (?:for|to)|prenumerera på|anmäl dig till|meld deg på|tilmeld dig)"
    r" (?:(?:the|our|vårt|vores|\w{2,20}s)(?: e-?mail| daily| weekly| monthly)? )?"
    r"(?:newsletter|nyhetsbrev(?:et)?|nyhedsbrev(?:et)?)[.!]?"
    # What it says of a letter that everybody may have.
    r"|(?:.{0,150}[.,!?]\s+|.{0,40}\b(?:och|and) )?"
    r"(?:prenumerera|anmäl (?:dig|er)|skriv upp dig|subscribe|sign up)\b.{0,60}"
    r"\b(?:nyhetsbrev|newsletter)\w{0,4}\b.{0,60}"
    r"|(?:sign up (?:to|for)|subscribe to) (?:our|the|my) (?:[\w-]+ ){0,3}newsletter\b.{0,300}"
    r"|(?:subscribe to|prenumerera på) (?:rss|feed)\b.{0,60}"
    r"|(?:filter|filtrera|sortera|sort) (?:by|på|efter)\b[^.]{0,80}"
    r"|(?:ja(?: tack)?,? )?jag vill (?:prenumerera|få nyhetsbrev\w*|ha nyhetsbrev\w*)\b.{0,60}"
    # Where else it can be read, and who may show its picture.
    r"|(?:read|view|open|läs|visa|se|öppna)\b.{0,40} (?:in|i) (?:your|a|the|din|en) (?:browser|webbläsare)\b.?"
    r"|(?:some|all|no) rights reserved by [^.]{2,60}"
    # What a site wants of a browser.
    r"|(?:(?:the|this|your|din|den|denna) )?(?:browser|webbläsare|webbläsaren)\b.{0,60}"
    r"\b(?:stöds inte|is (?:not|no longer) supported|does not support|har inte stöd)\b.{0,300}"
    r"|(?:denna|den här|this) (?:webbplats|sida|site|page)\w* .{0,80}\b(?:webbläsare|browser)\b.{0,300}"
    r"|(?:please |var god och |vänligen )?(?:use|upgrade to|använd|uppgradera till) (?:a|en) modern(?:are)? "
    r"(?:browser|webbläsare)\b.{0,200}"
    r"|(?=.{0,120}\b(?:enabled?|activated?|turn(?:ed)? (?:on|off)|disabled?|(?:in)?aktivera[dt]?|påslaget)\b)"
    r".{0,120}\bjavascript\b.{0,200}"
    r"|(?:(?:den här |denna )?(?:artikeln?|texten?) (?:bygger|är baserad) på|this (?:article|story) is based on) "
    r"(?:ett pressmeddelande|a press release)\b.{0,80}"
    r"|(?:all )?(?:posts|articles) by\b.{0,60}|(?:alla )?(?:inlägg|artiklar) av\b.{0,60}"
    # Who already has a way in.
    r"|(?:already (?:an? )?|redan |allerede |schon |bereits )(?:member|subscriber|registered|medlem|prenumerant|"
    r"kund|abonnent|dabei|mitglied|registriert)\?.{0,40}"
    r"|(?:få|get|receive) (?:våra|our|the latest|de senaste) (?:\w+ )?"
    r"(?:nyheter|nyhetsbrev|news(?:letter)?|updates)\b.{0,60}"
    r"|(?:click to|klicka för att) (?:share|print|e-?mail|dela|skriva ut|e-?posta|mejla)\b.{0,120}"
    r"|(?:lyssna på|listen to) (?:this |the )?(?:artikeln|article|texten|inlägget)\b[^.]{0,30}"
    r"|(?:spara|lägg till) (?:\w+ )?(?:i|till) (?:din |min )?kalender"
    r"|(?:add|save) (?:\w+ )?to (?:my |your )?calendar"
    r"|(?:share|dela)(?: this)?(?: post| article)?(?: on| på)?"
    r"|(?:stäng|close|dölj|hide) (?:meddelande|message|banner|notice|fönster|window|dialog)\w*"
    r"|(?:läs (?:även|också)|read also|also read)\b[^!?:]{3,120}"
    r"|(?:log ?in|register)(?: or (?:log ?in|register))? to (?:post|leave) (?:a )?comments?"
    r"|logga in (?:eller registrera dig )?för att (?:lämna en )?kommenta(?:ra|r|rer)"
    r"|(?:like this|gilla (?:så här|detta)):?|(?:like|gilla) (?:loading|laddar in|läser in).{0,3}"
    r"|(?:sidansvarig|innehållsansvarig|ansvarig (?:för sidan|utgivare)|webbredaktör|page (?:owner|manager)|"
    r"content owner|tillhör|belongs to)\s*:\s?.{2,80}|(?:subscribe now|prenumerera nu|jetzt abonnieren)!?"
    r"|[^\W\d_][\w ./-]{1,40} \(ots(?:/[\w ]{2,20})?\)"
    r"|så (?:här )?(?:arbetar|jobbar) .{2,60} med (?:nyheter|journalistik)\b.{0,300}|/\*.{0,200}\*/"
    r"|logo(?:ty?pe?n?)?(?: (?:för|of|for|till|de[rs]?|du|von)|:) ?.{2,60}|(?-i:Logo [A-ZÅÄÖÜ]{2,8})"
    r"|[^.!?]{2,40} logo(?:ty?pe?)?"
    r"|(?-i:[^.!?]{0,60}[Ll]ogo(?=[A-ZÅÄÖ])[^.!?]{0,60}[Ll]ogo)"
    r"|(?:search for|sök (?:på|efter|bland)) "
    r"(?:content|posts?|articles?|pages?|webbplatsen|sidan|innehåll|nyheter)\b"
    r"[^.!?]{0,40}"
    r"|(?:(?:grupp)?bild|bilden|bilderna|(?:grupp)?foto|fotografi) (?:på|av|föreställer|visar) [^.]{3,120}\.?"
    r"|(?:foto|bild|photo) (?:von|vom|de la|du|des) [^.]{3,120}\.?|[^.!?]{8,150}\. (?-i:Foto|Photo|Bild|Kuva)\.?"
    # Labels of days that did not come with them, and who may read.
    r"|(?:(?:først |sist |senast |zuletzt |last |letzte |senest )?(?:publi[cs]er(?:t|et|ad)|oppdatert|opdateret|"
    r"uppdaterad|published|updated|aktualisier(?:t|ung)|veröffentlicht|stand(?=:))[\s:]*){1,2}"
    r"|(?:cet )?article réservé aux abonnés|(?:nur )?für abonnenten|(?:endast )?för prenumeranter"
    r"|kun for abonnenter|subscribers only|version imprimable(?: de cet article)?|sommaire|table des matières"
    r"|(?:image|picture|photo) (?:of|from|shows) (?:(?:dr|prof|mrs?|ms)\. )?[^.]{3,120}|bild från [^.]{3,120}"
    r"|(?:teile diesen|diesen) (?:artikel|beitrag)(?: teilen)?"
    r"|(?:…|\.\.\.)\s?(?:see more|se mer|mer)|[\d,. ]{1,9} (?:followers|följare|delningar|shares?|likes?)"
    r"|(?:(?:för|posted|published|publicerad|publicerades)\s+)*(?:\d{1,3}|an?|en|ett)\s"
    r"(?:minut|timm|dag|veck|månad|år|minute|hour|day|week|month|year)\w{0,3}\s(?:sedan|ago)"
    r"|vor \d{1,3} (?:minute|stunde|tag|woche|monat|jahr)\w{0,2}"
    r"|il y a \d{1,3} (?:minute|heure|jour|semaine|moi|an)s?"
    r"|\d+\s?(?:m|h|d|w|mo|yr)(?: ago|\s*•(?:\s*(?:edited|redigerad)(?:\s*•)?)?)"
    r"|(?:press enter or )?click to view image in full size|sign up with your email address"
    r"|sign up to receive (?:our )?news(?: and updates)?\.?"
    r"|(?:(?:date|day|time|what|when|where|who|event|activity|programme|place|venue|speaker|datum|dag|tid|vad|"
    r"när|var|vem|aktivitet|program|plats|talare|uhrzeit|ort|thema|dato|sted|hva|hvad)\b[\s|–-]*){2,6}"
    r"|(?:previous|next|föregående|nästa|forrige|neste|næste|zurück|weiter|edellinen|seuraava)"
    r"(?: (?:article|post|artikel|inlägg|beitrag|artikkeli))?\s?: [^.]{3,100}"
    r"|(?:hits|träffar|zugriffe)\s?: [\d ]{1,9}"
    r"|.{2,300} was last modified: .{4,80}"
    r"|(?:«|‹|←|<<)\s[^»›.]{3,90}|[^«‹.]{3,90}\s(?:»|›|→|>>)"
    r"|(?:opens in (?:a )?new (?:tab|window)|öppnas i (?:nytt|ny) (?:fönster|flik))"
    # Between the words of "Published on 12 May 2025", each on a line of its own; an hour alone.
    r"|(?:(?:go )?to [^.]{2,40} (?:start|home) ?page\s*){1,2}|(?:(?:gå )?till [^.]{2,40} startsida\s*){1,2}"
    r"|on|(?:time )?(?:posted|published|updated|publicerad|uppdaterad)\s?:?\s(?:kl\.? ?)?\d{1,2}[.:]\d\d"
    r"(?: ?[ap]m)?"
    # What translates the page.
    r"|(?:google translate|(?:här kan du|here you can|choose|select|välj)\b.{0,60}\b(?:språk|language)\b).{0,200}"
    r"\b(?:översätt\w*|translat\w+)\b.{0,40}\b(?:(?:hem|webb)?sidan|webbplatsen|"
    r"(?:din|vår|denna|this|our|the) (?:hemsida|webbsida|webbplats|sida|website|site|page))\b.{0,20}"
    # The head of a month's calendar.
    r"|(?:(?:mo|tu|we|th|fr|sa|su|m[åa]|ti|on|to|l[öø]|s[öø]|di|mi|do|so|mån|tis|ons|tors?|fre|lör|sön|mon|tue|wed|thu|"
    r"fri|sat|sun|[mtwofslk])\b\s*){7}",
    re.IGNORECASE,
)
#: Those of them that headlines are, too: ``Back to school``, ``Photo from the moon``.
HEADLINES = re.compile(
    r"(?:(?:tillbaka|åter) till|(?:back|return) to|powered by|(?:visa|show|view) (?:alla?|all)|(?:was|did) this"
    r"|(?:image|picture|photo) (?:of|from|shows)|(?:bild|bilden|bilderna) (?:på|föreställer|visar|från)"
    r"|(?:next|nästa|neste|næste|seuraava)\s?:)\s.+",
    re.IGNORECASE,
)
#: Where a page may be shared, however the names are run together: ``FacebookXRedditLinkedIn``.
SHARED = later(
    r"(?:(?:please )?share (?:this )?(?:story|post|article|page)?,?\s*(?:choose your platform)?[!:]?\s*)?"
    r"(?:(?:facebook|twitter|x|reddit|linkedin|whatsapp|tumblr|pinterest|vk|xing|telegram|bluesky|threads|mastodon|"
    r"messenger|instagram|e-?mail|e-?post|print|copy link)[\s,|/·•]*){2,}"
    r"|(?:please )?share (?:this )?(?:story|post|article|page)?,?\s*choose your platform!?"
    r"|dela (?:den här )?(?:historien|berättelsen|artikeln|inlägget)?,?\s*välj (?:din )?plattform!?"
    r"|del dette med (?:dit|ditt) \w+",
    re.IGNORECASE,
)
#: Home > News > Title, in the signs that sites use between the steps.
CRUMBS = re.compile(
    r"(?:(?:you are here|du är här)\s*:?\s*)?(?:home|hem|start|startsida|news|nyheter|main page|startseite|"
    r"forside|hjem|etusivu|accueil)\b"
    r"(?:\s*[>»›/|→\\]\s*(?:[^>»›/|→\\.]|(?<=\d)\.(?=\d)){1,80}){1,6}(?:\.{3})?",
    re.IGNORECASE,
)
#: What only does something with a page, or tells where it may be shared.
TOOLS = frozenset(
    phrases("""
        print|print this page|print article|email|e-mail|email this|share|share this|share this article|reprints
        save|reuse this content|dela|dela artikeln|skriv ut|tipsa en vän|teilen|drucken|merken|pocket|feedback|del
        jaa|share on google plus|tulosta|partager|imprimer|envoyer|facebook|twitter|x|linkedin|google+|google plus
        pinterest|reddit|whatsapp|xing|instagram|tumblr|digg|delicious|stumbleupon|flipboard|bluesky|mastodon
        threads|telegram|messenger|copy link|kopiera länk|link kopieren|more sharing|comments|comment
        kommentarfeed|trackback-url|trackback|kommentare geschlossen|kommentare schreiben|zur startseite
        back to top|go to top|till toppen|nach oben|seitenanfang|bild vergrößern|about these ads|jump to navigation
        jump to search|rss|permalink
    """)
)
#: Several who read a page ask what the same line is, so many lines apart at most.
ASKED = 1024
#: A navigation line is never longer than this.
LONGEST = 400
#: A row of buttons has at least so many, or one fewer in more words; so many words at most in each, and in all.
BUTTONS, BUTTON, ROW = 3, 5, 14


#: How a menu of two points begins.
FIRST = frozenset({"home", "hem", "start", "startsida", "startsidan", "startseite", "hjem", "etusivu", "accueil"})


@lru_cache(ASKED)
def is_navigation(line: str) -> bool:
    """Whether *line* is furniture and nothing else."""
    if len(line) > LONGEST:
        return False
    # Looking through a run of spaces for the end of a form, from each of them on, takes long.
    line = " ".join(line.split())
    words = line.casefold().strip(" .:;,!?…»›>→←«‹<↑▲^*•·|-–—+×")
    if not any(character.isalnum() for character in line):
        return True
    if _is_menu(words):
        return True
    side_by_side = re.split(r"\s*[|/·•]\s*", words)
    if all(word in NAVIGATION for word in side_by_side) or commentform.LINE.fullmatch(line):
        return True
    return any(form.fullmatch(line) for form in (PATTERNS, COOKIES, CRUMBS, PAID)) or bool(SHARED.fullmatch(words))


def is_headline(line: str) -> bool:
    """Whether *line* may be a headline or a button: ``Back to school``. Where it stands tells which."""
    return line.casefold() not in NAVIGATION and bool(HEADLINES.fullmatch(line))


def is_tool(line: str) -> bool:
    """Whether *line* is buttons that do something with the page, and nothing else."""
    words = " ".join(line.casefold().strip(" \t.:;,!?…»›>→←«‹<↑*•·|-–—").split())
    return bool(words) and (
        all(one in TOOLS for one in re.split(r"\s*[|/·•]\s*", words)) or bool(SHARED.fullmatch(words))
    )


def is_entry(words: str) -> bool:
    """Whether *words* are those of a point of a menu, and mostly of nothing else."""
    return is_navigation(words) or words.casefold() in MENU


def _is_row(words: Sequence[str]) -> bool:
    """Whether *words* are several buttons side by side: ``Accept all Reject all``, ``Home About us``."""
    most = [0, *[-1] * len(words)]
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - BUTTON), end):
            if most[start] >= 0 and " ".join(words[start:end]) in NAVIGATION:
                most[end] = max(most[end], most[start] + 1)
    few = most[-1] == BUTTONS - 1 and (len(words) >= BUTTONS or words[0] in FIRST)
    return few or most[-1] >= BUTTONS


def _is_menu(words: str) -> bool:
    """Whether a line is a menu whose entries stand side by side."""
    entries = words.split()
    if len(entries) <= ROW and _is_row(entries):
        return True
    known = sum(entry in NAVIGATION or entry in MENU for entry in entries)
    return 3 <= len(entries) <= 12 and known >= 3 and known >= 0.7 * len(entries)


def opens_others(line: str, *, only: re.Pattern[str] = OTHERS) -> bool:
    """Whether what follows *line* is other articles, by the words of *only*."""
    return bool(only.fullmatch(line.replace("’", "'").strip(" \t.:;!…»›>→|-–—")))
