"""Know by their words whether somebody asks to be taken off a list.

A sentence counts if it asks for that and for nothing else: what is left of it besides the asking are words that
say nothing. So nobody leaves who asks for a colleague, asks how it is done, or writes about leaving.
"""

import re
from collections.abc import Iterable
from itertools import pairwise


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: How many sentences are looked at: who wants to leave says so soon.
MOST = 12

#: How many words of a letter's name are looked for at most, and how many signs a name has at least.
MOST_NAMED, LEAST_NAMED = 20, 4

#: Whom it is about: what is asked of "this e-mail", people ask in the small print below each of theirs.
_MINE = r"(?:my|our)(?:\ e?-?mail)?(?:\ (?:address|name|details|data|information))?"
_ME = rf"(?:me|us|{_MINE}|this\ (?:e?-?mail\ )?address)"
_LIST = r"(?:news ?letters?|letters?|e?-?mails?|mailings?|messages?|lists?|subscriptions?|updates?)"
#: What asks, with somebody or something that it is about.
_ASKS = re.compile(
    rf"""\b(?:
      unsubscribe\ (?:{_ME}|from)
    | being\ (?:unsubscribed|removed|taken\ off)
    | (?:want|like|wish|i|please)\ (?:to\ )?(?:be|get)\ (?:unsubscribed|removed|deleted|taken\ off)
    | (?:remove|delete|drop|strike|scratch)\ {_ME} | (?:take|get)\ {_ME}\ (?:off|out)
    | (?:cancel|end|stop|terminate)\ (?:my|our|this|the)\ {_LIST} | opt\ (?:me|us)\ out
    | withdraw\ (?:my|our)\ consent
    | (?:stop|quit|cease)\ (?:sending|e?-?mailing|mailing|writing|spamming)
    | avregistrera\ (?:mig|oss|min) | avprenumerera\ (?:mig|oss|min|från)
    | (?:ta|tag|plocka|tar)\ (?:vänligen\ |gärna\ |genast\ )?bort\ (?:mig|oss|min|vår
        |(?:den\ här|denna)\ (?:e-?post|mejl|mail)?adress(?:en)?)
    | (?:stryk|radera)\ (?:mig|oss|min(?:a\ uppgifter)?)
    | avböj(?:er)?\ (?:vidare|fortsatta|fler|era|ert)(?!\w)
    | (?:mig|oss|min\ adress)\ (?:borttagen|avregistrerad|struken) | bli\ (?:borttagen|avregistrerad|struken)
    | (?:avslutar?|avbryt|säg(?:a|er)?\ upp|avbeställ(?:a|er)?)
        \ (?:(?:min|vår|den\ här|denna|detta|ert)\ )?(?:prenumeration(?:en)?|nyhetsbrev(?:et)?)
    | (?:återkallar?|drar?\ tillbaka)\ (?:jag\ )?(?:mitt|vårt)\ samtycke
    | sluta\ (?:att\ )?(?:skicka|maila|mejla|spamma|prenumerera)
    | (?<!er\ )(?<!sie\ )(?:streichen|löschen|entfernen|streich|lösch|entfern)[et]?
        \ (?:sie\ )?(?:bitte\ )?(?:mich|uns|meine)
    | (?:nehmen|nimm|nehmt|tragen|trag[et]?|melden|meldet?)\ (?:sie\ )?(?:bitte\ )?(?:mich|uns|meine)
        (?=.{{0,60}}\b(?:aus|ab|von|vom|raus)\b)
    | um\ (?:abmeldung|streichung|löschung|austragung) | melde\ ich\ mich
        (?=.{{0,60}}\b(?:ab|von|vom)\b)
    | aus\ (?:dem|ihrem|eurem)\ verteiler\ (?:nehmen|streichen|löschen|entfernen|austragen)
    | (?:mich|uns|meine\ (?:e?-?mail-?)?adresse)\ (?:bitte\ )?
        (?:(?:aus|von|vom)\ [^\d\W]{{2,12}}\ [^\d\W]{{2,20}}\ )?
        (?:abmelden|austragen|abzumelden|streichen|löschen|entfernen|zu\ löschen)
    | (?:den|diesen|ihren|euren)\ newsletter\ (?:bitte\ )?(?:abbestellen|abzubestellen|kündigen)
    | (?:widerrufe|widerrufen)\ (?:ich\ |wir\ )?(?:meine|unsere|die)\ (?:einwilligung|zustimmung)
    | (?:kündige|beende)\ (?:ich\ )?(?:mein|unser|das)\ (?:newsletter\ ?-?)?abo(?:nnement)?
    | (?:retirez|supprimez|enlevez|désinscrivez|désabonnez|radiez)[ -](?:moi|nous|mon|mes)
    | me\ (?:retirer|supprimer|enlever|désinscrire|désabonner|radier)
    | (?:retirer|supprimer|enlever|désinscrire|désabonner)\ (?:mon|mes)
    | (?:résilier|annuler)\ (?:mon|cet)\ abonnement
    | retire\ mon\ consentement | (?:suppression|désinscription)\ de\ (?:mon|mes)
    | (?:arrêtez|arrêter|cessez|cesser)\ (?:de\ m'envoyer|vos\ (?:envois|mails|e-mails|courriels))
    | poistua\ (?:posti|postitus|jakelu|sähköposti)?listalta
    | poista(?:kaa|a)?\ (?:minut|meidät|osoitteeni|sähköpostini|sähköpostiosoitteeni)
    | lopetta(?:kaa|a|isitteko)\ [^\d\W]{{4,30}}\ lähettäminen
    | (?:peruutan|perun)\ suostumukseni
    | poistamaan\ (?:minut|meidät|osoitteeni|sähköpostiosoitteeni)
    | (?:peru(?:kaa|uttakaa|uta|utan|n)?|perua|peruuttaa|lopettaa?|lopettakaa)
        \ (?:(?:uutiskirjeen\ )?tilau(?:s|ksen|kseni)|uutiskirje(?:en)?)
    | (?:fjerne?|slette?|slet|stryke?|(?:av|af|fra)melde?)\ (?:meg|mig|oss|os|min)
    | (?:melde?|ta|tag|tage)\ (?:meg|mig|oss)\ (?:av|af|bort|fra)
    | (?:fra|af|av)meldes | bli(?:ve)?\ (?:slettet|fjernet|avmeldt|afmeldt|strøket)
    | (?:vil|ønsker)\ (?:jeg\ )?(?:gjerne\ |gerne\ )?(?:fjernes|slettes)
    | (?:avslutte?|stoppe?|afslutt?e?|stop)\ abonnement(?:et)?
    | (?:meg|mig)\ (?:avmeldt|afmeldt|fjernet|slettet) | (?:slutt|stopp)\ (?:med\ )?å\ sende
    | (?:stop(?:pe)?|hold\ op)\ med\ at\ sende
    | (?:trekker|trækker)\ (?:jeg\ )?(?:tilbake\ )?mitt?\ samtykke(?:\ tilbage|\ tilbake)?
    | (?:mij|me|ons|mijn\ (?:e-?mail)?adres)\ (?:(?:van|uit|voor)\ [^\d\W]{{2,12}}\ [^\d\W]{{2,20}}\ )?
        (?:uit\ te\ schrijven|uitschrijven|af\ te\ melden|afmelden|te\ verwijderen|verwijderen|schrappen)
    | (?:verwijdert?|schrapt?|haalt?)\ (?:mij|me|ons|mijn) | graag\ (?:uitschrijven|afmelden)
    | (?:schrijf|meld)\ (?:mij|me|ons)(?=.{{0,60}}\b(?:uit|af)\b)
    | (?:wypisanie|usunięcie|wykreślenie)\ (?:mnie|mojego\ adresu) | rezygnuję\ z
    | (?:wypisać|usunąć|wykreślić)\ (?:mnie|nas|mój\ adres) | mnie\ (?:wypisać|usunąć|wykreślić) | zrezygnować\ z
    | (?:d[ée]n?|da|dar)(?:me|nos)\ de\ baja | solicito\ (?:la\ |mi\ )?baja
    | (?:eliminar|borrar|quitar|eliminen?|borren?|quiten?)(?:me|nos|\ mi)
    | (?:cancellar|rimuover|toglier|disiscriver|cancellate|rimuovete|togliete|disiscrivete)(?:mi|ci)
    | essere\ (?:cancellat|rimoss)[oaie]
    | (?:cancellare|annullare)\ la\ mia\ iscrizione | (?:eemaldage|kustutage|võtke)\ (?:mind|meid|minu\ aadress)
    | (?:видаліть|видалити|відпишіть|відписати|приберіть|вилучіть)\ (?:мене|нас|мою\ адресу)
    )(?!\w)""",
    re.X,
)
#: What says that somebody wants no more of it.
_REFUSES = re.compile(
    rf"""\b(?:
      (?:(?:do\ not|don't|dont|no\ longer|does\ not)\ (?:want|wish|care|need|like)
        (?:\ to\ (?:receive|get|have|be\ on))?|prefer\ not\ to\ (?:receive|get|have))
        (?=\ (?:any|more|your|these|this|the|such|further|{_LIST}))
    | (?:do\ not|don't|dont|no\ longer)\ (?:send|e?-?mail|write|contact)\ (?:me|us|to\ me)(?!\w)
    | no\ more\ {_LIST}
    | not\ interested\ in(?=\ (?:any|your|these|this|the|{_LIST}))
    | (?:inte|ej)\ (?:längre\ )?(?:ha|få|motta|prenumerera(?:\ på)?)(?!\w) | (?:inga|inget)\ (?:fler|mer)
    | skicka\ (?:inte|ej)\ (?:mig\ )?(?:fler|mer|några)
    | undanbe(?:r|der)?\ (?:mig|oss)
    | tackar\ (?:jag\ |vi\ )?nej\ till(?=\ (?:(?:fler|era|ert|detta)\ )?(?:nyhetsbrev|utskick|mejl|mail|e-post))
    | (?:vill|önskar)\ (?:jag\ |vi\ )?(?:inte|ej)\ (?:längre\ )?
        (?:vara\ (?:med|kvar)|stå(?:\ kvar)?|finnas\ kvar)\ på
    | (?:vill|önskar)\ (?:jag\ |vi\ )?(?:inte|ej)\ (?:längre\ )?(?:ha|få|motta|prenumerera(?:\ på)?)(?!\w)
    | keine?n?\ (?:weiteren?\ )?(?:newsletter|mails?|e-mails?|nachrichten|zusendung(?:en)?|werbung)(?:\ mehr)?
    | nicht\ (?:mehr|länger|weiter)\ (?:(?:angeschrieben|kontaktiert)\ werden|erhalten|bekommen|beziehen|haben)
    | ne\ (?:souhaite|veux|désire|souhaitons)\ (?:plus|pas)\ (?:recevoir|être\ abonnée?)
    | ne\ plus\ recevoir | ne\ m'envoyez\ plus
    | (?:en|emme)\ halua(?:\ enää)?
        (?=\ (?:saada|vastaanottaa|tilata|uutis|viest|sähköp|posti|näitä|tätä|teiltä))
    | ei\ (?:kiitos\ )?enää
    | (?:ønsker|vil)\ (?:jeg\ |vi\ )?ikke\ (?:lenger\ |længere\ |mer\ |mere\ )?
        (?:(?:å\ |at\ )?(?:motta|få|ha|have|modtage)|flere|fler|mer|mere)(?!\w)
    | (?:wil|willen|wens|wensen|hoef|hoeven)\ (?:ik\ |wij\ )?(?:\w+\ ){{0,3}}?niet\ (?:meer|langer)
        \ (?:te\ )?(?:ontvangen|krijgen|hebben)
    | (?:graag|wil|wens|stuur)\ (?:mij\ |me\ |ik\ )?geen\ (?:nieuwsbrie(?:f|ven)|mails?|e-mails?)(?:\ meer)?
    | nie\ (?:chcę|chcemy)\ (?:już\ |więcej\ )?(?:otrzymywać|dostawać)
    | no\ (?:deseo|quiero|deseamos|queremos)\ (?:seguir\ recibiendo|recibir)(?:\ más)?
    | non\ (?:desidero|voglio|desideriamo|vogliamo)\ più\ ricevere | ei\ soovi\ (?:enam|rohkem)
    | не\ (?:хочу|бажаю)\ (?:більше\ )?отримувати
    )""",
    re.X,
)
#: How people ask who write what the links at the end of our letters are called, in the languages that ship.
LINKED = (
    r"uitschrijven|afmelden|meld (?:deg|meg|oss) av|peru(?:a|ta|uta|uttaa)? tilau(?:s|ksen|kseni)"
    r"|(?:se|me) désabonner|dar(?:se|me|nos) de baja|annulla(?:re|te)? (?:la mia |l['’])?iscrizione"
    r"|wypis(?:z|ać|zcie) (?:się|mnie)|loobu(?:n|da)? tellimusest|відпис(?:атися|ка)|відпишіть"
)
#: What asks in one word, which counts as the first that somebody writes: footers hold such words, too.
_BARE = re.compile(
    rf"(?<!\w)(?:{LINKED}"
    r"|unsubscribe|unsub|opt[ -]?out|remove|stop|avregistrera|avprenumerera|avanmäl(?:a|an|ning)?|avregistrering"
    r"|avsluta(?: (?:min )?prenumeration(?:en)?)?|avbeställ(?:a|ning)?|ta bort"
    r"|abmelden|abmeldung|austragen|abbestellen|abbestellung"
    r"|désabonne(?:r|ment)|désinscri(?:re|ption)|peruutus|peru(?:uta)? tilaus|avmeld(?:ing)?|afmeld(?:ing)?"
    r"|frameld(?:ing)?|stopp|sluta)(?!\w)"
)
#: Those of them that people begin other sentences with, too: they count where they stand alone on their line.
_LINES = frozenset(("stop", "stopp", "sluta", "avsluta", "remove", "ta bort"))
#: Words that say nothing beside it, in the languages of the table above.
_SAYS_NOTHING = _words("""
    please pls plz kindly hi hello thanks thank you many i i'd we me us my would like to want wish be can
    could will may from off of this the your all any these those that further future more such and message
    messages news letter letters monthly weekly list lists distribution address contact contacts subscription
    subscriptions subscriber subscribers database updates communications correspondence it them here asap
    immediately effective now again anymore today both or report as spam ur thx ty u about prefer gdpr dsgvo
    appreciate grateful manually rgpd in accordance with receive receiving getting get a sending on request is
    are out so sincerely regards best
    snälla vänligen var vänlig snäll gärna tack hej jag vi skulle vilja kan ni du får vill önskar ber om att
    vara har gått pension bytt jobb är god så skräppost bli från er ert era detta det här den denna de dessa
    samtliga register registret manuellt system systemet enligt omedelbart men brev nyheter lista listan
    listor adress adressen omgående genast nu mer längre alla mig oss på skicka fler för till och
    bitte danke hallo hiermit ich wir möchte möchten wollen würde gerne gern mich uns aus vom von der dem
    ihrem ihrer ihren ihre eurem eurer diesem dieser diesen liste mehr sofort umgehend vielen dank sie ihr
    können könnten könnt ab zu gemäß wünsche zum zur des erhalt zusendung erhalten bekommen mir künftig
    zukünftig daten datenbank kartei senden schicken
    merci bonjour svp s'il vous plaît plait te je nous voudrais souhaite veux veuillez pouvez-vous
    pourriez-vous la le les des votre vos cette ces ce lettre d'information infolettre diffusion envois
    fichier fichiers demande listes base données d'envoi d'envois conformément au prie d courriels adresse mon
    ma bien vouloir d'avance et immédiatement plus
    kiitos hei moi ystävällisesti haluan haluaisin haluaisimme voitteko voisitteko voisitko minut listalta
    listaltanne minulle meille tilaajista viestejä postia teiltä tältä tämän heti enää näitä tätä saada
    vastaanottaa
    takk tak vil vær vennlig vennligst snill venligst ønsker gjerne jeg dere blive å at fra av af denne dette
    disse listen listene må henhold bede samme jer deres jeres mere flere straks nå med venlig være søde sød
    ville meg lenger længere vidare pyydän
    graag gelieve wilt wil jullie kunt mij ons van het deze uw lijst bestand verzendlijst voor uit aub
    alstublieft bedankt alvast ik meer sturen hartelijk beste mijn ontvangen
    proszę o z ze listy bazy dziękuję dzień dobry się mnie mój adres tego tych już więcej na chcę subskrypcji
    por favor gracias hola quiero quisiera del su sus boletín correo correos más solicito deseo dirección mi
    el que recibir este esta estos podría podrían puede pueden
    prego per favore grazie dalla dal della vostra vorrei desidero cortesemente ricevere più di essere
    palun tänan aitäh tere mind listist nimekirjast maha teie enam kirju
    будь ласка дякую мене з із зі розсилки вашої списку листи ці більше від вас добрий день прошу
""")
#: The letter, its list and the reader's address, in languages that put articles, cases and compounds behind: what
#: follows in one word is an ending or another such word, and not a thing of its own, such as an article in it.
_LETTERS = re.compile(
    r"""(?:uutiskir|uudiskir|sähköpost|(?:postitus|posti|jakelu)list|tilau[ks]s)\w*
    | (?:(?:e-?)?mail(?:ing)?|e-?post|mejl|news-?letter|nyhetsbrev|nyhedsbrev|nyhetsmail|nieuwsbrie[fv]|rundbrief
        |utskick|sändlist|prenumeration|abonnement|verteiler)
      (?:s?-?(?:list|adres|konto|verteil|abo|prenumer)\w*|\w{0,5})
    | (?:kontakt|adress|empfänger|mottagar|modtager)(?:list|datei|kartei|register)\w*""",
    re.X,
)
_GREETS = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|day|afternoon)|to whom|hej|hejsan|hallå|god (?:morgon|dag|morgen)|kära"
    r"|bästa|guten (?:tag|morgen)|hallo|sehr geehrte|liebe|moin|servus|grüezi|bonjour|cher|chère|madame|monsieur"
    r"|moi|hei|terve|hyvä|kjære|kære"
    r"|beste|geachte|dzień dobry|szanowni|hola|estimad[oa]s?|buongiorno|gentil[ei]|tere|добрий день)\b"
)
_NEGATES = re.compile(
    r"\b(?:not|don't|dont|never|no|inte|ej|aldrig|nicht|nie|pas|jamais|ikke|aldri|älä|älkää|ei|en halua"
    r"|niet|geen|non|не|ära)\b|n't\b"
)
#: What says no to the letter, and not to what is asked beside it: "Not interested, remove me".
_COOL = re.compile(
    r"\b(?:(?:not|no longer) interested(?: anymore)?|no interest|not for (?:me|us)"
    r"|(?:inte|ej) intresserade?|(?:inget|inte) intresse"
    r"|(?:inte|ej) (?:längre )?(?:relevant|aktuellt?)"
    r"|nicht (?:mehr )?interessiert|kein interesse(?: mehr)?|ikke interesser[et]{1,2}|pas intéressée?s?"
    r"|(?:arbetar|jobbar) inte (?:längre )?(?:kvar )?(?:här|där))\b"
)
#: A sentence that takes back what was asked before it: "Unsubscribe me? Never!"
_DENIES = re.compile(
    r"(?:no|never|nej|aldrig|nein|nie|niemals|non|jamais|ei|nei|aldri)"
    r"(?: (?:thanks|thank you|way|ever|tack|tak|takk|danke|merci|kiitos))?"
)
#: What parts a sentence into clauses: commas, dashes, and what begins a reason, or a wish behind one.
_CLAUSE = re.compile(
    r",| [-–—] | (?:because|since|so that|eftersom|weil|car|puisque|parce que|fordi|koska|sillä) "
    r"| (?:as|då|för att|da) (?=(?:i|we|my|our|jag|vi|ich|wir) )"
    r"| (?:so|and|så|och|also|und|donc|et|og|joten|ja) (?=(?:i |we |you |jag |vi |ni |ich |wir |je |jeg |dere )?"
    r"(?:please|kindly|would|could|can|want|wish|vill|vil|vänligen|önskar|ønsker|skulle|kan|möchte|würde|bitte|souhaite"
    r"|voudrais|haluan)\b)"
)
#: How a clause ends that says no to what stands behind the next comma: "Don't, whatever you do, remove me".
_UNFINISHED = re.compile(
    r"(?:\b(?:not|dont|never|inte|ej|aldrig|nicht|niemals|ikke|aldri|älä|älkää|pas|plus|jamais|niet|nie|non)|n't)$"
)
#: How a sentence begins that says how it is done, or supposes it.
_HOW = re.compile(r"(?:to|for å|for at|för att|om (?:jag|vi|man)|um|pour)\b")
#: What stands for an address that is not the writer's own, and what says that the letter shall go there: a person
#: has to see to that, for who only left would get it nowhere.
SOMEBODY = "somebody"
_ELSEWHERE = re.compile(
    r"\b(?:new|instead|rather|use|add|change|replace|switch|update|from now on"
    r"|nya?|nye|nytt|i ?stället|i stedet|lägg till|legg til|tilføj|använd|bruke?|bruge?|byt[ta]?|ändra|endre|ændre"
    r"|uusi|uuteen|uutta|sijaan|sijasta|lisätkää|käyttäkää|vaihtakaa"
    r"|neue?[nr]?|stattdessen|aufnehmen|hinzufügen|ändern|ersetzen"
    r"|nouvelle|nouveau|plutôt|ajoute[rz]|remplace[rz]|change[rz]|à la place)\b"
)
#: Where a sentence ends.
_END = re.compile(r"[.!?;]+(?:\s|$)|\n+")
#: Where a program broke a line that was too long, in the midst of a sentence, or somebody did: it goes on small.
_WRAPPED = re.compile(r"(?<=[^\n]{50}[^.!?:;\n])\n(?=\S)|(?<=[^\n]{17}[^.!?:;,\n])\n(?=[a-zà-öø-ÿа-яіїє])")
#: How Swedes sign on the same line: "Ta bort mig /Anna".
_SIGNED = re.compile(r" ?/ ?[^\W\d]{2,20}$")
_ADDRESS = re.compile(r"<?(?:mailto:)?([^\s<>@]{1,64}@[^\s<>@]{1,253})>?")


def asks(lines: Iterable[str], names: Iterable[str], own: str) -> bool:
    """Return whether the *lines* that somebody wrote ask, soon and plainly, to be taken off.

    *names* are what the letter, and who sends it, are called: people say what they leave. *own* is the address
    that they write from; another one is somebody else's.
    """
    text = "\n".join(_plain(line, own) for line in _WRAPPED.sub(" ", "\n".join(lines)).split("\n"))
    for name in names:
        text = _unnamed(text, _plain(name, own))
    sentences = [each for each in _END.split(text) if each.strip(" ,:-")][:MOST]
    # A line ends a sentence, and below a "do not" it does not.
    whole = _END.split(re.sub(r"(?<!\n)\n(?!\n)", " ", text))[:MOST]
    if any(_forbids(_clauses(each)) for each in (*whole, *sentences)):
        return False
    if any(SOMEBODY in each and _ELSEWHERE.search(each) for each in (*whole, *sentences)):
        return False
    if any(
        (_ASKS.search(one) or _BARE.fullmatch(one.strip())) and _DENIES.fullmatch(after.split(",")[0].strip(" :-"))
        for one, after in pairwise(sentences)
    ):
        return False
    clauses = [clause for each in sentences for clause in _clauses(each)]
    opening = next((each for each in clauses if not _leads_on(each)), "")
    alone = opening not in _LINES or any(each.strip(" .!,") == opening for each in text.split("\n"))
    return (alone and _wishes(opening, (_BARE,))) or any(_wishes(each, (_ASKS, _REFUSES)) for each in clauses)


def _clauses(sentence: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(sentence) if clause.strip(" :-")]


def _leads_on(clause: str) -> bool:
    """Return whether a clause greets, says nothing or no to the letter, and what is asked follows it."""
    greets = _GREETS.match(clause) and len(clause.split()) < 7
    return bool(greets or _COOL.fullmatch(clause)) or _says_nothing(clause)


def _unnamed(text: str, name: str) -> str:
    """Return *text* with a letter's name, or what the name begins with, as any letter's: it says nothing else.

    A subject often is the name and more, such as the month.
    """
    words = re.findall(r"\w[\w']*", name)[:MOST_NAMED]
    for count in range(len(words), min(len(words), 3) - 1, -1):
        said = " ".join(words[:count])
        if len(said) < LEAST_NAMED or _NEGATES.search(said) or _ASKS.search(said) or _BARE.fullmatch(said):
            continue
        called = r"[^\w\n]{1,3}".join(map(re.escape, words[:count]))
        text, found = re.subn(rf" ?[\"“”„«»']?(?<!\w){called}(?!\w)[?!.…]?[\"“”«»']? ?", " newsletter ", text)
        if found:
            break
    return text


def _wishes(clause: str, ways: tuple[re.Pattern[str], ...]) -> bool:
    """Return whether a clause asks in one of these *ways*, and says nothing else."""
    said = " ".join(clause.split()).strip(" \"'*_:()-")
    if _HOW.match(said):
        return False
    for way in ways:
        rest, count = way.subn(" ", said[:300])
        if count and _says_nothing(rest):
            return True
    return False


def _says_nothing(text: str) -> bool:
    """Return whether all words of *text* are such as people put beside what they ask."""
    words = (each.strip("\"'*_:()-") for each in text.split())
    return all(word in _SAYS_NOTHING or _LETTERS.fullmatch(word) or not word for word in words)


def _forbids(clauses: list[str]) -> bool:
    """Return whether a sentence asks not to be taken off."""
    rests = [_COOL.sub(" ", _REFUSES.sub(" ", each)) for each in clauses]
    asking = [at for at, each in enumerate(rests) if _ASKS.search(each)]
    return any(_NEGATES.search(rests[at]) or any(map(_UNFINISHED.search, rests[:at])) for at in asking)


def _plain(line: str, own: str) -> str:
    text = line.lower().replace("\u2019", "'").replace("\xa0", " ").replace("\u200b", "").replace("¿", "")
    text = _SIGNED.sub("", " ".join(_ADDRESS.sub(lambda found: _whose(found[1], own), text).split()))
    return re.sub(r"\bmej\b", "mig", text)


def _whose(address: str, own: str) -> str:
    return "this address" if own in ("", address.strip(".,;:!?()[]\"'*")) else SOMEBODY
