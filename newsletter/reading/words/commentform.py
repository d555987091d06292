"""Know what WordPress writes under a post: the answers, the form for them, and where the post is filed.

The lines are those of its own themes, as its translations have them: English, Swedish, Danish, Norwegian, German,
Finnish and French. None of them is a word of the post.
"""

import re
from collections.abc import Sequence

from newsletter.reading.words.later import later

#: The heading of the form, with the button that closes it, and other buttons.
_TITLE = r"""
    leave\ a\ (?:reply|comment)|(?:post|submit)\ a\ comment|add\ (?:new\ |a\ )?comment
    |join\ the\ (?:conversation|discussion)
    |lämna\ (?:ett\ svar|en\ kommentar)|skriv\ (?:en\ kommentar|ett\ svar|et\ svar)
    |legg\ (?:igjen|inn)\ (?:en\ kommentar|et\ svar)|efterlad\ (?:et\ svar|en\ kommentar)
    |(?:schreiben?\ sie|schreibe?|hinterlasse)\ einen\ kommentar(?:\ zum\ (?:beitrag|artikel))?
    |kommentar\ (?:verfassen|hinterlassen)
    |(?:jätä|kirjoita|lisää)\ (?:kommentti|vastaus)|vastaa|kommentoi|laisser\ un\ commentaire
"""
_CANCEL = r"""
    cancel\ reply|avbryt\ svar|annuller\ svar|antwort(?:en)?\ abbrechen|peruuta\ vastaus|annuler\ la\ réponse
"""
_BUTTON = r"""
    post\ comment|submit\ comment|(?:publicera|skicka)\ kommentar(?:en)?|(?:publicer|publiser|send)\ kommentar
    |kommentar\ (?:absenden|abschicken)|lähetä\ kommentti|reply|svara?|antworten
"""
#: The fields; a star says that one must be filled in.
_FIELD = r"""
    (?:name|namn|navn|nimi|nom|e-?mail(?:-adresse)?|e-?post(?:adresse?)?|sähköposti(?:osoite)?|adresse\ e-mail
    |captcha|website|webbplats|hjemmeside|nettsted|verkkosivusto|site\ web|comment|kommentar|kommentti|commentaire)
    \s?(?:\*|\(required\)|\(obligatoriskt\))
    |website|webbplats|comment|your\ name|ditt\ namn|dein\ name
"""
_NOTE = r"""
    (?:your\ e-?mail(?:\ address)?\ will\ not\ be\ published|required\ fields\ are\ marked
    |din\ e-postadress\ (?:kommer\ inte\ (?:att\ )?publiceras|publiceras\ inte)|e-postadressen\ publiceras\ inte
    |obligatoriska\ fält\ är\ märkta|din\ e-?(?:post|mail)-?adresse\ vil\ ikke\ bli(?:ve)?\ publi[cs]ere?t
    |deine\ e-mail-adresse\ wird\ nicht\ veröffentlicht|sähköpostiosoitettasi\ ei\ julkaista
    |votre\ adresse\ e-mail\ ne\ sera\ pas\ publiée
    |save\ my\ name,\ e-?mail,?\ and\ website|spara\ mitt\ namn,\ min\ e-postadress|gem\ mit\ navn,\ mail
    |lagre\ (?:mitt\ )?navn,\ e-post|meinen\ namen,\ meine\ e-mail-adresse|tallenna\ nimeni
    |enregistrer\ mon\ nom,\ mon\ e-mail|notify\ me\ of\ (?:new|follow-?up)|meddela\ mig\ (?:om|via)\ .{0,20}\bnya
    |(?:about\ text\ formats|om\ textformat)|enter\ your\ comment\ here|skriv\ din\ kommentar\ här
    |(?:this\ site|den\ här\ webbplatsen|diese\ website)\ (?:uses|använder|verwendet)\ akismet)\b.{0,180}
"""
_CLOSED = r"""
    you\ must\ be\ logged\ in\ to\ (?:post\ a\ )?comment|du\ måste\ vara\ inloggad\ för\ att\ .{0,30}kommentar
    |um\ .{0,20}\bkommentare?\b.{2,40}(?:anmelden|registrieren|einloggen)\b.{0,40}
    |bitte\ beachten\ sie\ (?:unsere|die)\ .{0,20}(?:regeln|netiquette|richtlinien)\b.{0,40}
    |(?:logg\ inn|log\ ind|logga\ in|kirjaudu\ sisään)\ .{0,20}\b(?:komment\w*)
    |du\ (?:må|skal)\ være\ logget\ in[nd]\ for\ .{0,20}\bkommentar.{0,40}
    |(?:je|u)\ moet\ .{0,20}\b(?:ingelogd|inloggen)\b.{0,20}\breactie\b.{0,40}
    |comments\ (?:are\ closed|off)(?:\ on\ .{1,150})?|kommentarer\ (?:är\ stängda|inaktiverade)(?:\ för\ .{1,150})?
    |kommentarer\ er\ (?:lukket|stengt)(?:\ for\ .{1,150})?|kommentarer\ til\ .{1,150}\ er\ slået\ fra
    |kommentare\ (?:sind\ geschlossen|deaktiviert)(?:\ für\ .{1,150})?|kommentit\ pois\ päältä.{0,150}
    |(?:comments|kommentarer|kommentare)\ \(\d{1,4}\)|\d{1,4}\ (?:replies|reply|svar)
"""
#: Where a post is filed, and what leads to its neighbours.
_FILED = r"""
    this\ entry\ was\ posted\ (?:in|on)\b.{2,300}|bookmark\ the\ permalink
    |(?:det\ här\ inlägget|detta\ inlägg|inlägget)\ (?:postades|publicerades|är\ publicerat)\ i\b.{2,300}
    |dieser\ (?:beitrag|eintrag)\ wurde\b.{2,200}\bveröffentlicht\b.{0,200}
    |post\ navigation|inläggsnavigering|indlægsnavigation|innleggsnavigasjon|beitragsnavigation|artikkelien\ selaus
    |navigation\ de\ l.article
"""
LINE = later(
    rf"(?:(?:{_TITLE})(?:\s+(?:{_CANCEL}))?|{_CANCEL}|{_BUTTON}|{_FIELD}|{_NOTE}|{_CLOSED}|{_FILED})[\s.:…*]*",
    re.IGNORECASE | re.VERBOSE,
)
FORM = re.compile(rf"(?:{_TITLE})(?:\s+(?:{_CANCEL}))?[\s.:…*]*", re.IGNORECASE | re.VERBOSE)
#: The heading over the answers that names the post, and one that does not.
COUNTED = re.compile(
    r"(?:\d{1,4}|one|two|three|en|ett|två|tre|ein|eine)\s(?:"
    r"(?:thoughts?|responses?|repl(?:y|ies)|comments?)\s(?:on|to)|(?:tank(?:e|ar)|svar|kommentar(?:er)?|reaktion(?:er)?)"
    r"\s(?:på|om|till|til|kring|angående)|(?:gedanken?|antworte?n?|kommentare?)\s(?:zu|auf))\s[“”„\"«»'‘’].{1,200}",
    re.IGNORECASE,
)
ANSWERS = re.compile(
    r"(?:\d{1,4}\s)?(?:comments?|responses|replies|kommentar(?:er)?|kommentare|svar)(?:\s\(\d{1,4}\))?:?",
    re.IGNORECASE,
)
#: What tells how to answer, or how a site treats answers.
RULES = re.compile(r"\b(?:comment|komment|debat|inlägg|reaktion|reactie)\w*", re.IGNORECASE)
#: A paragraph of an article has more characters than these; under the title of the form stand so many lines of it.
TOLD, NEAR = 60, 6


def answers(lines: Sequence[str]) -> int:
    """Return where in *lines*, those of a page, what its readers answered begins: their number for nowhere.

    That is sure under a heading that names the post, above a form or the rules for answers, or where the form is.
    """
    told = next((n for n, line in enumerate(lines) if n and len(line) > TOLD), len(lines))
    forms = [n for n in range(told, len(lines)) if FORM.fullmatch(lines[n]) and _is_form(lines, n)]
    for n in range(told, len(lines)):
        below = bool(forms) and n < forms[-1]
        below = below or (n + 2 == len(lines) and bool(RULES.search(lines[-1])))
        if COUNTED.fullmatch(lines[n]) or (below and ANSWERS.fullmatch(lines[n])) or n in forms:
            return n
    return len(lines)


def _is_form(lines: Sequence[str], title: int) -> bool:
    """Whether fields, what is said of them, or a few short lines to the end stand under the *title* of a form."""
    under = lines[title + 1 :]
    ends = 0 < len(under) < NEAR and all(len(line) <= TOLD for line in under)
    return ends or any(
        LINE.fullmatch(line) and not FORM.fullmatch(line) for line in lines[title + 1 : title + NEAR]
    )
