"""The demo's content: an invented science park, its articles with their pictures, and a thousand readers."""

import csv
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.files.new import make
from newsletter.files.shipped import lay, shipped
from newsletter.files.workspace import SETTINGS, Workspace

FIRST = (
    "Alva", "Bo", "Clara", "Dag", "Elsa", "Folke", "Greta", "Hugo", "Iris", "John", "Karin", "Liam", "Maja",
    "Nils", "Olivia", "Per", "Ronja", "Samir", "Tove", "Åsa",
)  # fmt: skip
LAST = (
    "Berg", "Dahl", "Ek", "Fors", "Grön", "Hall", "Holm", "Kvist", "Lind", "Lund", "Mo", "Nyström", "Palm",
    "Quist", "Ros", "Sand", "Strand", "Sund", "Vik", "Öberg",
)  # fmt: skip
GROUPS = ("business", "research", "culture")
TOWNS = ("Norrvik", "Söderhamn", "Östervik", "Västby")
READERS = 1000


def write(folder: Path, *, web: int, smtp: int, now: datetime) -> Workspace:
    """Make the demo's workspace in *folder*; *web* and *smtp* are the ports that its servers listen on."""
    workspace = make(folder, "News from the park")
    demo = shipped("templates") / "demo"
    settings = (demo / SETTINGS).read_text(encoding="utf-8")
    settings = settings.replace("@WEB@", str(web)).replace("@SMTP@", str(smtp))
    (folder / SETTINGS).write_text(settings, encoding="utf-8")
    shutil.rmtree(folder / "articles")
    lay(demo / "articles", folder / "articles")
    for article in sorted((demo / "articles").glob("*.md")):
        age = timedelta(days=2 * int(article.name[:2]))
        text = article.read_text(encoding="utf-8").replace("title:", f"date: {(now - age).date()}\ntitle:", 1)
        (folder / "articles" / article.name).write_text(text, encoding="utf-8")
    return workspace


def readers(path: Path) -> None:
    """Write a CSV of READERS invented people in three groups and two languages, at reserved addresses."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("email", "name", "language", "topics", "town"))
        for number in range(READERS):
            name = f"{FIRST[number % 20]} {LAST[number // 20 % 20]}"
            language = "sv" if number % 5 < 2 else "en"
            place = TOWNS[number % 7 % 4]
            rows.writerow((f"reader{number:04}@example.org", name, language, GROUPS[number % 3], place))
