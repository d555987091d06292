"""Tell languages by their commonest words, and by their letters where a script tells them.

Says nothing rather than something wrong.
"""

import re
from collections import Counter
from collections.abc import Mapping

from subscribers.tongue import base, root

#: The commonest words of each language. Many are words of several; what only one of two has tells these two apart.
COMMON = {
    "en": """the and of to is that for with are this was our we from has have on an be by at their its been
        will which not as it they you your new more about how what who when where than these there into
        also but or if can all in a out do up one""",
    "sv": """och att det som på är av för inte till ett har jag vi de också från när här där hos vid eller den
        med om kan ska blir blev nya ny mer vår våra ni oss sig sin sitt efter mellan under många alla
        mycket hur vad i en var men så detta denna måste finns du din utan över ut vill man hade samt även
        sedan varit skulle kommer år han hon mot fått får fick går nu igen bara någon något några genom
        inom ha dag gå vilket dem deras""",
    "de": """und der das nicht mit auf für ist im von dem ein eine einen einer zu sich auch nach bei werden
        wird wurde sind haben wir über aus zum zur durch oder als noch nur mehr am beim vom sowie ihre
        seine unser unsere die den des in sie es an kann wenn um hat dass alle diese man ich war wie aber
        vor keine""",
    "fi": """ja että se oli joka mutta kun myös hän ovat sekä tai jo niin kuin mukaan vuoden vuonna sen olla
        ollut voi nyt jos kaikki uusi uuden mitä miten siitä tämä tämän joita kanssa jälkeen on ei ole
        vain sitä jotka eivät eikä olemme tätä ne voit kuten tulee saa tällä hänen yli eli lisäksi vielä
        noin ollaan näin meidän oma""",
    "da": """og er til ikke af jeg det som på de vi har for at den en et med kan om eller hvad fra når også
        være noen nogle hvor skal bliver blev denne disse dette der efter meget havde uden vores os ud
        mere noget blevet gør mig dig ved men hvis under alle mange nye var sig i så du din vil man kun
        over mod gennem uge igen tilbage blandt måde end giver op lige år fordi bedre samt siger fået
        jeres hun han får fik går nu kunne dag gå dem deres hvilket samme derfor""",
    "nb": """og er til ikke av jeg det som på de vi har for at den en et med kan om eller hva fra når også være
        noen hvor skal blir ble denne disse dette der etter mye hadde uten våre oss ut mer noe blitt gjør
        meg deg ved men hvis under alle mange nye var seg i så du din vil man å mellom flere bare over må
        opp mot gjennom uke igjen tilbake blant måte enn gir år fordi bedre samt sier fått hun han får
        fikk går kunne dag gå dem deres ha samme nå derfor""",
    "nn": """og er til ikkje av eg det som på dei vi har for at den ein eit med kan om eller kva frå når også
        vere nokon kor skal blir blei vart denne desse dette der etter mykje hadde utan våre oss ut meir
        noko blitt gjer meg deg ved men viss under alle mange nye var seg i så du din vil ei å mellom
        fleire berre over må vert mot gjennom veke igjen tilbake blant måte enn gir år fordi betre samt
        seier fått ho han får fekk går kunne dag gå deira ha same no derfor""",
    "nl": """de van het een is niet in voor te of worden met op om en wordt kan geen deze dit als er bij zijn
        naar dat die aan door uit zal alle maar hun onze meer jaar wij je ook nog wel over heeft hebben
        tot we was ze kunnen moet nieuwe bent jouw wat waar dan""",
    "fr": """de la le les pas pour un est à du des dans ne en une a et être par ou peut avec que sur si non au
        vous sont ce il qui comme plus aux cette ces ses nous notre été mais entre deux leur elle se son
        sa on ont ainsi tout très sans""",
    "es": """de no el la se en para un del que a una es los con al y está o las por si ha este como esta su más
        pero cuando todos desde ya entre también fue han son muy hasta sobre todo donde años nos nuestro
        puede ser sin lo sus hay porque le""",
    "pt": """de a o não para do um se ou que da em uma com foi ao no as os por ser na esta como está são quando
        mas mais dos das sua seu também à pelo pela entre já muito nos ano anos foram tem este sobre até
        nossa nosso todos às""",
    "ca": """de no la el a per un en del es que és els una les amb i si al o aquest aquesta com ha ser més són
        dels tots des perquè també pel seu seva entre on hi va van ens nostre sobre fins però molt any
        anys quan""",
    "it": """di non il per la un del in i le una della con se che o da dei questo nel sono stato può ha si
        delle questa lo quando ma alla più dal al cui nella sul come anche gli tra dopo loro essere ci all
        degli nostra nostro molto dell anni a""",
    "ro": """de nu a pentru în este la se un să o cu și dacă poate fi din pe fost acest această mai ca când va
        sunt ar al dar pot are au unui ale care toate doar prin către fără după ce lui prea foarte ani
        mult""",
    "pl": """nie jest do na i się dla lub to czy być jeśli o może przez są tylko ma tego jako po ale od a że za
        jak który która które także oraz już przy tym roku jego jej ich był była było co podczas nas
        więcej będzie go ze bez""",
    "cs": """je se na a při není být do pokud o ve jako bude jsou má které že to když pro ale aby byl byla bylo
        po může si který která také i tak od až za více již jejich nebo než roku jeho jsme byli""",
    "et": """on ei kui ja või see et kas seda selle mis ole võib ainult ka siis oma meie aga ning mida olemas
        kõik enne kohta tuleb sest alla oli kes nii juba pärast aastal üks välja saab eesti nende siin
        veel ta olid mille väga""",
    "is": """að er ekki til sem og við fyrir eða með þetta um ef það þegar verður hefur af eru því þá var hér
        frá þess þessi þar yfir upp ég en hann voru vera svo sé eftir einnig þeir""",
    "hu": """a az nem és egy ha meg hogy ez van csak be el kell ki ezt is azt minden által mert lett lehet után
        már mint több volt vagy de nagy még itt új két ami aki""",
    "lt": """yra ar ir būti jei su iš arba kad kai kaip tai tik šis prie buvo apie šio bet nuo jo taip jūs per
        po jis ne metu savo mūsų labai""",
    "lv": """ir vai un ar ja uz lai nav no kas kad to kā šo šī tiek ko ka var tas šis par jūs bet pēc arī tās
        jums līdz jo visas mūsu gada ļoti""",
}
#: Who reads one can take the other for it, and what a page says of itself is surer than its words.
CLOSE = ("da nb nn no", "ca es gl pt", "cs sk", "et fi")
#: Letters of Arabic, and those of its neighbours in the same script (Unicode 15, Arabic block).
ARABIC, PERSIAN = re.compile("[\u0620-\u064a]"), re.compile("[پچژگیکٹڈے]")
#: Letters of Hebrew, and the points and pairs that Yiddish puts on and beside them (Hebrew block).
HEBREW, YIDDISH = re.compile("[\u05d0-\u05ea]"), re.compile("[\u05b0-\u05bc\u05f0-\u05f2\ufb1d-\ufb4f]")
#: Letters of Ukrainian: it and no Slavic neighbour has some, and they have others (Cyrillic block).
CYRILLIC, NO_UKRAINIAN = re.compile("[\u0400-\u04ff]"), re.compile("[ыэёъўјљњћџђѓќѕ]|^[^іїєґ]*$", re.IGNORECASE)
#: Scripts that tell a language, and what tells its neighbours in the same one.
SCRIPTS = (("ar", ARABIC, PERSIAN), ("he", HEBREW, YIDDISH), ("uk", CYRILLIC, NO_UKRAINIAN))
#: Fewer words than this say nothing; of two languages, one must have this many times the other's own words.
LEAST, AHEAD = 3, 2
#: It takes so many words to contradict what is said: "war" in an English line makes no German one of it.
SURE = 2
#: Letters that only Swedish has together, and those that its neighbours write in their place.
RINGED, DOTTED, FOREIGN = re.compile(r"\b[^\Wå]*+å\w*"), re.compile("[äö]"), re.compile("[æøßüõ]")
#: More text than this does not make the answer better.
ENOUGH = 20_000

#: Which languages have each word.
_SPEAK: dict[str, list[str]] = {}
for _code, _words in COMMON.items():
    for _word in _words.split():
        _SPEAK.setdefault(_word, []).append(_code)


def is_common(word: str) -> bool:
    """Whether *word*, in small letters, is one of the commonest of any language that is known."""
    return word in _SPEAK


def detect(text: str, more: int = 1) -> str:
    """Return the language of *text* by its code, "" where none is clear: it has *more* words that no other has."""
    begun = text[:ENOUGH]
    for own, letters, foreign in SCRIPTS if not begun.isascii() else ():
        if len(letters.findall(begun)) * 2 > len(begun):
            return "" if foreign.search(begun) else own
    counts = Counter(filter(_SPEAK.__contains__, re.findall(r"\w+", begun.casefold())))
    hits = _hits(counts)
    if 0 < hits["sv"] < LEAST:
        hits["sv"] += _ringed(begun.casefold())
    code = max(COMMON, key=hits.__getitem__)
    shared = _hits({word: count for word, count in counts.items() if code in _SPEAK[word]})
    # Of each two, what both have tells nothing; kin do not compete.
    ahead = all(
        more <= hits[code] - shared[other] >= AHEAD * (hits[other] - shared[other])
        for other in hits
        if root(other) != root(code)
    )
    return code if hits[code] >= LEAST and ahead else ""


def told(text: str, said: str) -> str:
    """Return the language of *text* where it is clear, and not *close* to the one that it is *said* to be in."""
    found = detect(text, SURE if said else 1)
    return said if said and (not found or close(found, said)) else found


def close(one: str, other: str) -> bool:
    """Whether two languages are one, or have most of their commonest words in common."""
    codes = {base(one.replace("_", "-")), base(other.replace("_", "-"))}
    return len(codes) == 1 or any(codes <= {*group.split()} for group in CLOSE)


def _hits(counts: Mapping[str, int]) -> Counter[str]:
    """Return how many of the words that were counted each language has."""
    hits = Counter[str]()
    for word, count in counts.items():
        for code in _SPEAK[word]:
            hits[code] += count
    return hits


def _ringed(text: str) -> int:
    """Return how many words are spelled as Swedish only is, 0 for a *text* with a neighbour's letters."""
    return len(RINGED.findall(text)) if DOTTED.search(text) and not FOREIGN.search(text) else 0
