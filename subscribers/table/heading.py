"""Know what columns of people are called, in the languages around us. `columns` knows what is in them."""

import re
from collections.abc import Iterable, Mapping

from subscribers.table.saying import LEFT

#: What a column may hold besides an attribute, and what such columns are called in the languages around us.
ALIASES: Mapping[str, frozenset[str]] = {
    field: frozenset(", ".join(names).split(", "))
    for field, *names in (
        (
            "email",
            "email, e mail, epost, e post, mail, mejl, email address, e mail address, emailaddress, epostadress",
            "e postadress, mailadress, mejladress, subscriber, email 1, e mail 1 value, e mail adresse",
            "email adresse, mailadresse, e postadresse, e mailadres, adresse e mail, adresse email, adresse mail",
            "courriel, correo, correo electrónico, sähköposti, sähköpostiosoite",
        ),
        (
            "name",
            "name, namn, full name, fullname, fullständigt namn, display name, visningsnamn, för och efternamn",
            "förnamn och efternamn, first and last name, vor und nachname, navn, fulde navn, fullt navn, nimi",
            "efternamn förnamn, last name first name, nachname vorname",
            "имя, ім я, jméno, meno, név, nume, ime, vārds, vardas, όνομα",
            "koko nimi, naam, nome, nom complet, nombre completo, vad heter du, hva heter du, hvad hedder du",
        ),
        (
            "first_name",
            "first name, firstname, given name, förnamn, fornamn, fname, tilltalsnamn, vorname, prénom, prenom",
            "fornavn, etunimi, voornaam, nombre, imię",
        ),
        (
            "last_name",
            "last name, lastname, surname, family name, efternamn, lname, nachname, familienname, nom",
            "фамилия, прізвище, příjmení, priezvisko, prezime, uzvārds, pavardė, soyad, soyadı, επώνυμο",
            "nom de famille, etternavn, efternavn, sukunimi, achternaam, apellido, apellidos, cognome, nazwisko",
        ),
        (
            "language",
            "language, språk, sprak, lang, locale, preferred language, preferred locale, sprache, langue, sprog",
            "kieli, taal, idioma, lingua, język, keel, мова, language code, langcode, språkkod, föredraget språk",
            "önskat språk, foretrukket språk, foretrukket sprog, bevorzugte sprache",
        ),
        (
            "topics",
            "topics, topic, ämnen, ämne, amnen, interests, intressen, tags, tag, taggar, labels, etiketter",
            "schlagworte",
        ),
    )
}

#: Fields that a column keeps for itself where it has the plain name, beside others that may be somebody else's.
_OF_ONE = ("name", "first_name", "last_name", "language")

#: So much of a column's name is compared, in characters: what goes on and on is no name.
LONGEST_NAME = 300

#: Where a word begins inside a name, as programs write them; ``UnSubscribed`` is one.
_INNER = re.compile(r"(?<=[a-zåäö])(?<!\b[Uu]n)(?=[A-ZÅÄÖ])")

#: What forms put around the name of a field: "What's your e-mail address?", "Ditt namn (obligatoriskt)"; and whose
#: it is, where a program tells several kinds of people apart: "Attendee first name".
_POLITE = re.compile(
    r"^(?:attendee|participant|guest|contact|subscriber|member|deltagar\w*|gäst\w*|kontakt(?:person\w*)?"
    r"|prenumerant\w*|mottagar\w*|medlem\w*|teilnehmer\w*) (?:s )?|"
    r"^(?:(?:what (?:is|s)|vad är|vilken är|please enter|ange) )?(?:your|ditt|din|dein|deine|ihre?|votre) "
    r"| (?:required|optional|obligatoriskt?|valfritt?)$"
)


#: What forms add to a question, that whoever says yes may leave: it is no question of its own.
_FREE = re.compile(
    rf"\b(?:(?:i|you|jag|du|man|ni|ich|sie|och|and) (?:can|may|kan|kann|können) (?:\w+ ){{0,5}}?"
    rf"(?:{LEFT}|withdraw|revoke|cancel|stop|återkalla|avsluta|säga upp|ångra|widerrufen)\b.*"
    rf"|(?:until|tills) (?:i|you|jag|du) (?:{LEFT})\b.*|(?:{LEFT}) (?:via|genom|through|by)\b.*"
    rf"|(?:{LEFT}|withdraw|cancel|återkalla|avsluta)\b(?: \w+){{0,5}} (?:any ?time|n[äå]r som helst|jederzeit).*)"
)

#: Ticks and crosses as words, and nothing for what no reader sees inside a word, such as where it may be broken.
_SIGNS = (
    dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufe0f\ufeff"))
    | dict.fromkeys(map(ord, "✓✔☑✅☒👍"), " x ")
    | dict.fromkeys(map(ord, "✗✘✕✖❌❎👎"), " no ")
)
_SIGN = re.compile(f"[{''.join(map(chr, _SIGNS))}]")
_GAPS = re.compile(r"[\W_]+")
#: How numbers below nothing begin.
_MINUS = ("-", "\u2212")


def bare(column: str) -> str:
    """Return a column's name for comparing, without what forms put around it."""
    return _POLITE.sub("", plain(column))


def plainly(columns: Iterable[str]) -> frozenset[str]:
    """Return the fields that a column has for itself, as it is called so and nothing more."""
    have = frozenset(map(plain, columns))
    return frozenset(field for field in _OF_ONE if not ALIASES[field].isdisjoint(have))


def plain(column: str) -> str:
    """Return a column's name for comparing: as `words`, and ``doNotContact`` is three of them."""
    return _FREE.sub("", words(_INNER.sub(" ", column[:LONGEST_NAME]))).strip() or words(column[:LONGEST_NAME])


def shown(column: str) -> str:
    """Return a column's name as it is told: cut where `plain` stops reading, so that it names the same."""
    return column if len(column) <= LONGEST_NAME else f"{column[:LONGEST_NAME]}…"


def words(cell: str) -> str:
    """Return a text for comparing: lower case, only letters, digits and single spaces; ``-1`` is ``minus 1``."""
    if cell[:1] in _MINUS and cell[1:].isdigit():
        return f"minus {cell[1:]}"
    if not cell.isascii() and _SIGN.search(cell):
        cell = cell.translate(_SIGNS)
    if cell.endswith(".0") and cell[:-2].isdigit():
        # What was a yes or a no, to a program that took it for a number.
        cell = cell[:-2]
    return _GAPS.sub(" ", cell.lower()).strip()
