"""Know which columns of days say since when people subscribe, and until when, in the languages around us.

Columns are compared as `heading.plain` writes them. `day` reads the days.
"""

import re

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
    r"|(?:subscription|prenumeration\w*|abonnement\w*|nyhetsbrev\w*|newsletter) (?:.* )?"
    r"(?:(?:ends?|expire[sd]?|slut\w*)(?: .*)?|till|until|bis|tot)"
)


def since(column: str) -> bool:
    """Whether a *column* of dates says since when people subscribe."""
    return bool(_SINCE.fullmatch(column))


def made(column: str) -> bool:
    """Whether a *column* of dates says when a record was made, which may be when somebody subscribed."""
    return bool(_MADE.fullmatch(column))


def ends(column: str) -> bool:
    """Whether a *column* of dates says until when somebody subscribes."""
    return bool(UNTIL.fullmatch(column))
