"""Know which columns of days say since when people subscribe, when they agreed, and until when, in many languages.

Columns are compared as `heading.plain` writes them. `day` reads the days.
"""

import re

from subscribers.table.saying import AGREEING

#: When somebody subscribed, and not only when a record was made.
_SINCE = re.compile(
    r"joined|(?:subscribed|signed up|opted in)(?: (?:at|on|date|since|time))?"
    r"|(?:subscri(?:be|bed|ption)|sign ?up|opt ?in) (?:date|time|timestamp)|date (?:subscribed|joined)"
    r"|prenumer\w*? ?(?:sedan|från|datum|startade|började)"
    r"|(?:subscriber|prenumerant|abonnent|member|medlem) (?:since|sedan|seit)"
    r"|(?:anmäld|påmeldt|tilmeldt|angemeldet|eingetragen|abonniert|tilattu|liittynyt)"
    r"(?: (?:den|am|seit|siden|dato|datum|pvm))?"
    r"|(?:anmälnings|påmeldings|tilmeldings|anmelde|tilaus|liittymis)(?:datum|dato|päivä|pvm)|date d? ?inscription"
)
#: When somebody agreed to letters: a word for that, and one for a day. Who has none, where others do, never did.
_AGREED = re.compile(
    rf"(?=\w+(?: \w+){{0,5}}$)(?=.*(?:\b(?:subscri|prenumer|abonn|opt(?:ed)? ?in\b|optin|doi\b|gdpr"
    rf"|agreed|confirm(?:ation)? |newsletter|nyhe[td]sbrev)|{AGREEING}))"
    r".*(?:\b(?:at|on|since|date|time|timestamp|den|sedan|siden|seit|am)\b|(?:datum|dato|pvm)\b|subscribed$)"
)
#: What else such a day may be about.
_OTHERWISE = re.compile(
    r"\b(?:terms|villkor\w*|policy|privacy|plan|paid|paying|renew\w*|next|trial|billing|start\w*|updated?|ändra\w*"
    r"|modified|changed|created|skapad\w*|added|imported)\b"
)
#: When a record was made, which in an export of subscribers alone is when they came.
_MADE = re.compile(
    r"(?:date |user )?(?:created|added|registered)(?: (?:at|on|time|date))?(?: utc(?: 0)?)?"
    r"|(?:create|creation|registration|added|start) (?:date|time)|(?:skapad|registrerad|tillagd)(?: den)?"
    r"|(?:skapad|registrerad) datum|(?:skapande|registrerings|opprettelses|oprettelses|erstellungs)(?:datum|dato)"
    r"|(?:angelegt|erstellt|registriert)(?: am)?|opprettet|oprettet|luotu"
)
#: Until when somebody subscribes: whose day is over may have left.
UNTIL = re.compile(
    r"(?:end ?|slutt?|eind)(?:date|datum|dato)|date de fin|fecha de fin|data zakończenia|päättymispäivä"
    r"|(?:subscription|prenumeration\w*|abonnement\w*|nyhetsbrev\w*|newsletter|member(?:ship)?|medlem\w*"
    r"|mitglied\w*) (?:.* )?"
    r"(?:(?:ends?|expire[sd]?|slut\w*)(?: .*)?|till|t o m|until|bis|tot)"
)


def since(column: str) -> bool:
    """Whether a *column* of dates says since when people subscribe."""
    return bool(_SINCE.fullmatch(column))


def agreed(column: str) -> bool:
    """Whether a *column* of dates may say when somebody agreed to letters."""
    return bool(_AGREED.match(column)) and not (_OTHERWISE.search(column) or ends(column))


def made(column: str) -> bool:
    """Whether a *column* of dates says when a record was made, which may be when somebody subscribed."""
    return bool(_MADE.fullmatch(column))


def ends(column: str) -> bool:
    """Whether a *column* of dates says until when somebody subscribes."""
    return bool(UNTIL.fullmatch(column))
