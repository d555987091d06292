"""Tell by its title what a site shows in place of a page: a check, a log-in, or that nothing is there."""

import re

from newsletter.reading.words.later import later

#: Its titles: to programs, to strangers, and where nothing is.
TITLES = later(
    r"(?:(?:error )?40[34]|(?:error|fel|fehler|feil|fejl|virhe|erreur) (?:40\d|50\d))\W*|404\s*[|–—-]\s+[^.]{1,60}"
    r"|(?:(?:error )?40[34]\b\W*)?"
    r"(?:(?:oj|ojdå|hoppsan|oops|tyvärr|sorry)\W+)?(?:just a moment|one moment,? please|ett ögonblick|"
    r"attention required!?|access denied|åtkomst nekad|forbidden|are you a robot\?|verify(?:ing)? you are human|"
    r"(?:vi (?:värnar om|respekterar|bryr oss om)|we (?:value|respect)) (?:din integritet|your privacy)|"
    r"(?:before you continue|innan du fortsätter)(?: (?:to|till) .{2,40})?|(?:vercel )?security check(?:point)?|"
    r"checking your browser.{0,40}|robot check|human verification|client challenge|pardon our interruption|"
    r"request rejected|sidan (?:som )?du (?:söker|letar efter) (?:finns inte|kunde inte hittas|saknas).{0,40}|"
    r"we (?:can['’]?t|couldn['’]?t|cannot|could not) find (?:the|that|this) page.{0,40}|"
    r"vi (?:kan|kunde) (?:tyvärr )?inte hitta sidan.{0,40}|this page (?:doesn['’]t exist|can['’]t be found)|"
    r"(?:page|sidan?) (?:was )?(?:not found|(?:kunde )?inte hitta[ds]?s?|saknas|hittades (?:inte|ej)|finns inte)"
    r"|sivua ei (?:löydy|löytynyt)|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)"
    r"|(?:denne )?siden (?:finnes|ble|blei|blev|findes) (?:dessverre |desværre )?ikke(?: funnet| fundet)?"
    r"|(?:fant|fandt) ikke siden|pagina niet gevonden|ei käyttöoikeutta|pääsy estetty|zugriff verweigert"
    r"|adgang (?:nektet|nægtet)|accès refusé|wartungs(?:arbeiten|modus)|vi är snart tillbaka"
    r"|we(?:['’]ll| will) be (?:right )?back(?: soon)?|bekräfta att du är (?:en )?människa|un instant"
    r"|einen moment,? bitte|hetkinen|et (?:øyeblikk|øjeblik)|hyväksy evästeet|evästeasetukset"
    r"|(?:godkänn|acceptera|hantera|accept|manage) (?:alla |all )?(?:cookies|kakor)|hantera (?:cookie-?)?samtycke"
    r"|cookie-?inställningar|cookie (?:settings|consent))"
    r"\W*(?:[|–—-].*)?"
    r"|(?:(?:error )?50\d\b\W*)?(?:(?:internal )?server error|bad gateway|gateway time-?out|"
    r"service (?:temporarily )?unavailable|oops\W+that page can.t be found|nothing (?:was )?found|"
    r"database error|error establishing a database connection|(?:(?:the |this |our )?(?:web)?site (?:is )?)?"
    r"(?:(?:currently )?(?:under|down for) )?(?:scheduled )?maintenance|index of /\S*|underhåll(?:sarbete)?|"
    r"(?:webb)?(?:platsen|sidan) är (?:tillfälligt )?(?:nere|stängd))\W*(?:[|–—-].*)?",
    re.IGNORECASE,
)
#: The title of what asks who we are; an article may have the same one.
LOGIN = re.compile(
    r"(?:log ?in|sign in(?: to your account)?|logga in|anmelden|einloggen|kirjaudu(?: sisään)?)\W*", re.IGNORECASE
)


def is_notice(title: str) -> bool:
    """Whether *title* is that of a notice in place of a page."""
    return bool(TITLES.fullmatch(title))


def asks_who(title: str) -> bool:
    """Whether *title* is that of a page to log in at, or of an article about that."""
    return bool(LOGIN.fullmatch(title))
