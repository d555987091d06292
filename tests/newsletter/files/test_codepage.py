"""Laws of telling code pages apart: a list is read in the letters that its people write."""

import pytest

from newsletter.files.tables import codepage
from newsletter.files.tables.csvfile import CsvFile

#: A few people of each language, as few as a list may have.
PEOPLE = {
    "Swedish": "Åsa Öberg;Märta Sjögren;André Wahlström",
    "Danish": "Søren Kjær;Åse Nørgård;Bjørn Østergaard",
    "German": "Jürgen Größe;Käthe Müller;Jörg Weiß",
    "French": "Hélène Lefèvre;Noël Garçon;L’Œuvre de Benoît",
    "Portuguese": "João Conceição;Antônio Guimarães;Inês Simões",
    "Icelandic": "Þórður Guðmundsson;Sigríður Ýr Ólafsdóttir;Ægir Jökulsson",
    "Dutch": "Daniël Smit;Zoë de Boer;André Vos",
    "Czech": "Jiří Dvořák;Žofie Šťastná;Ondřej Němec",
    "Slovak": "Ľubomír Kováč;Božena Horňáková;Matúš Ďurica",
    "Hungarian": "Szűcs Ágnes;Kőszegi Géza;Horváth Ödön",
    "Polish": "Władysław Żółkiewski;Agnieszka Śliwińska;Łukasz Wójcik",
    "Romanian": "Mihăiţă Brătianu;Ştefan Ţurcanu;Ioana Sîrbu;Ana Păunescu",
    "Croatian": "Željka Kovačević;Đorđe Šimić;Ivana Čolić",
    "Latvian": "Jānis Bērziņš;Līga Kalniņa;Žanis Šķēle",
    "Lithuanian": "Žydrūnas Šukys;Rasa Čepaitė;Jonas Ąžuolas;Ieva Gėlė",
    "Estonian": "Õie Mägi;Jüri Tamm;Ülle Šmidt;Ene Žukova",
    "Turkish": "Ayşe Yıldız;Çağrı Öztürk;Gülşah Aydın",
    "Russian": "Анна Иванова;Пётр Орлов;подписан;отписан",
    "Ukrainian": "Ганна Іваненко;Олексій Їжакевич;підписано",
    "Bulgarian": "Георги Петров;Мария Димитрова;Стоян Ъглов",
    "Greek": "Μαρία Παπαδοπούλου;Γιώργος Νικολάου;Άννα Βασιλείου",
    "Hebrew": "רות כהן;יוסף לוי;דוד מזרחי",
    "Arabic": "محمد الأحمد;فاطمة حسن;علي الخطيب",
}
WEST = ("cp1252", "mac_roman", "cp850")
CENTRAL = ("cp1250", "iso8859_2", "cp852")
CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic")
PAGES = {
    **dict.fromkeys(("Swedish", "Danish", "German"), WEST),
    **dict.fromkeys(("French", "Portuguese", "Dutch", "Icelandic"), ("cp1252",)),
    **dict.fromkeys(("Czech", "Slovak", "Hungarian", "Polish", "Romanian", "Croatian"), CENTRAL),
    **dict.fromkeys(("Latvian", "Lithuanian", "Estonian"), ("cp1257", "iso8859_13")),
    **dict.fromkeys(("Russian", "Bulgarian"), CYRILLIC),
    "Ukrainian": ("cp1251", "koi8_u", "mac_cyrillic"),
    "Turkish": ("cp1254", "iso8859_9"),
    "Greek": ("cp1253", "iso8859_7"),
    "Hebrew": ("cp1255",),
    "Arabic": ("cp1256",),
}


@pytest.mark.parametrize(("language", "page"), [(one, page) for one, pages in PAGES.items() for page in pages])
def test_a_list_is_read_in_the_letters_of_its_people(tmp_path, language, page) -> None:
    people = PEOPLE[language].split(";")
    rows = "".join(f"p{number}@example.org;{name}\n" for number, name in enumerate(people))
    (tmp_path / "people.csv").write_bytes(f"email;name\n{rows}".encode(page))
    with CsvFile(tmp_path / "people.csv") as table:
        assert [record.cells[1] for record in table] == ["name", *people]


@pytest.mark.parametrize(
    "name", ["Göran Ek", "Åsa Ek", "Søren Kjær", "Höskuldur", "José", "ÅSA ÖST", "naïve", "Renée"]
)
def test_a_list_of_the_west_with_one_such_name_is_read_as_one(name) -> None:
    assert name.encode("cp1252").decode(codepage.likeliest([name.encode("cp1252")])) == name


def test_neighbours_names_in_a_list_of_the_west_change_nothing() -> None:
    text = "Åsa Öberg, Šárka Žižková, Søren Kjær, Zoë Müller, José Núñez, João, Þórður, Anaïs, Eve O’Brien – 5 €"
    assert codepage.likeliest([text.encode("cp1252")]) == "cp1252"


def test_what_stands_far_down_in_a_file_is_seen() -> None:
    plain = b"someone@example.org;Bo Ek\n" * 1000
    assert codepage.likeliest([plain, plain, "Jiří Dvořák;Ondřej Němec".encode("cp1250")]) == "cp1250"


@pytest.mark.parametrize("chunks", [[], [b""], [b"Bo Ek"]])
def test_where_nothing_tells_it_is_windows_own_of_the_west(chunks) -> None:
    assert codepage.likeliest(chunks) == "cp1252"


def test_any_bytes_at_all_have_some_page() -> None:
    assert codepage.likeliest([bytes(range(256)) * 300])
