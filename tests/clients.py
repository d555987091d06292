"""Write newsletter/files/looks/caniemail.json: what mail programs do not show, from npm's package caniemail.

``python -m tests.clients``, or ``make clients``. Needs npm. Only what the gate asks for is kept: for each property
of CSS and a few elements the programs whose latest version that was tested does not support it.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "caniemail@2.0.2"
TARGET = Path(__file__).parents[1] / "newsletter" / "files" / "looks" / "caniemail.json"
#: Features of values, by their titles, under the names that the gate knows them by.
VALUES = {
    "display:flex": "display:flex",
    "display:grid": "display:grid",
    "CSS calc() function": "calc()",
    "clamp()": "clamp()",
    "CSS Variables (Custom Properties)": "var()",
    "linear-gradient()": "linear-gradient()",
    "radial-gradient()": "radial-gradient()",
    "lch(), oklch(), lab(), oklab()": "lch(), oklch(), lab(), oklab()",
}
#: Elements whose content is lost where they are not supported.
ELEMENTS = {"audio", "dialog", "meter", "progress", "svg", "video"}


def main() -> None:
    """Download, reduce, write."""
    with tempfile.TemporaryDirectory() as made:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=made, check=True, capture_output=True)
        (archive,) = Path(made).glob("*.tgz")
        subprocess.run(["tar", "xzf", archive.name], cwd=made, check=True)
        data = json.loads((Path(made) / "package/data/caniemail.json").read_text(encoding="utf-8"))
        notice = (Path(made) / "package/LICENSE").read_text(encoding="utf-8")
    TARGET.write_text(dumped(reduced(data, notice)), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size // 1024} KB")


def reduced(data: dict, notice: str) -> dict:
    """Return what the gate asks for."""
    nice = data["nicenames"]
    clients: dict[str, str] = {}
    styles: dict[str, list[str]] = {}
    elements: dict[str, list[str]] = {}
    for feature in data["data"]:
        lacking = []
        for family, platforms in feature["stats"].items():
            for platform, versions in platforms.items():
                code = f"{family}.{platform}"
                clients[code] = f"{nice['family'][family]} ({nice['platform'].get(platform, platform)})"
                if versions and next(reversed(versions.values())).startswith("n"):
                    lacking.append(code)
        if lacking:
            for name in properties(feature):
                styles[name] = lacking
            for name in ELEMENTS & set(re.findall(r"<(\w+)>", feature["title"])):
                elements[name] = lacking
    return {
        "source": f"{PACKAGE}, data of {data['last_update_date'][:10]}, reduced by tests/clients.py",
        "notice": " ".join(notice.split()),
        "clients": dict(sorted(clients.items())),
        "styles": dict(sorted(styles.items())),
        "elements": dict(sorted(elements.items())),
    }


def properties(feature: dict) -> Iterator[str]:
    """Yield the names of the properties that a feature is about."""
    if feature["category"] != "css":
        return
    if feature["title"] in VALUES:
        yield VALUES[feature["title"]]
        return
    title = re.sub(r" (?:CSS )?property$", "", feature["title"].strip())
    names = re.split(r", | & ", title)
    if all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", name) for name in names):
        yield from names


def dumped(document: dict) -> str:
    """Return JSON with one line for each feature, so that a change can be read."""
    rows = []
    for key, value in document.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"    {json.dumps(name)}: {json.dumps(each)}" for name, each in value.items())
            rows.append(f"  {json.dumps(key)}: {{\n{inner}\n  }}")
        else:
            rows.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    main()
