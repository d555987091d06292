"""Know what WordPress writes under a post: the form for answers, and where the post is filed. Pure.

The lines are those of its own themes, as its translations have them: English, Swedish, Danish, Norwegian, German,
Finnish and French. None of them is a word of the post.
"""

import re

#: The heading of the form, with the button that closes it, and other buttons.
_TITLE = r"""
    leave\ a\ (?:reply|comment)|post\ a\ comment|join\ the\ (?:conversation|discussion)
    |lämna\ (?:ett\ svar|en\ kommentar)|skriv\ (?:en\ kommentar|ett\ svar|et\ svar)
    |legg\ (?:igjen|inn)\ (?:en\ kommentar|et\ svar)|efterlad\ (?:et\ svar|en\ kommentar)
    |(?:schreiben?\ sie|schreibe?|hinterlasse)\ einen\ kommentar|kommentar\ (?:verfassen|hinterlassen)
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
    |website|webbplats|hjemmeside|nettsted|verkkosivusto|site\ web|comment|kommentar|kommentti|commentaire)
    \s?(?:\*|\(required\)|\(obligatoriskt\))
    |website|webbplats|comment
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
    |enter\ your\ comment\ here|skriv\ din\ kommentar\ här
    |(?:this\ site|den\ här\ webbplatsen|diese\ website)\ (?:uses|använder|verwendet)\ akismet)\b.{0,180}
"""
_CLOSED = r"""
    you\ must\ be\ logged\ in\ to\ (?:post\ a\ )?comment|du\ måste\ vara\ inloggad\ för\ att\ .{0,30}kommentar
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
LINE = re.compile(
    rf"(?:(?:{_TITLE})(?:\s+(?:{_CANCEL}))?|{_CANCEL}|{_BUTTON}|{_FIELD}|{_NOTE}|{_CLOSED}|{_FILED})[\s.:…*]*",
    re.IGNORECASE | re.VERBOSE,
)
