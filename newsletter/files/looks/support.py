"""What mail programs show: the shipped copy of caniemail.com's data, for the programs that a letter names."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from newsletter.errors import SettingsError, cited, meant
from newsletter.gate.proof import Support


def load(clients: Sequence[str], where: str = "newsletter.toml") -> Support:
    """Return what *clients* do not show; each is a family (gmail) or one program of it (outlook.windows).

    Raise SettingsError for one that nobody knows.
    """
    known = _data()["clients"]
    chosen = {code: name for client in clients for code, name in _meant(client, known, where).items()}
    return Support(_lacking(_data()["styles"], chosen), _lacking(_data()["elements"], chosen))


def _meant(client: str, known: Mapping[str, str], where: str) -> Mapping[str, str]:
    # Windows Mail ended in 2024; who still counts it names it.
    found = {
        code: name
        for code, name in known.items()
        if code == client or (code.partition(".")[0] == client and code != "outlook.windows-mail")
    }
    if not found:
        families = sorted({code.partition(".")[0] for code in known})
        hint = meant(client, [*families, *known], f"known: {', '.join(families)}")
        raise SettingsError(
            f"no mail program is called {cited(client)}", where=where, remedy=f"in [gate] clients, {hint}"
        )
    return found


def _lacking(features: Mapping[str, Sequence[str]], chosen: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    found = {name: tuple(chosen[code] for code in codes if code in chosen) for name, codes in features.items()}
    return {name: programs for name, programs in found.items() if programs}


@cache
def _data() -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(
        Path(__file__).with_name("caniemail.json").read_text(encoding="utf-8")
    )
    return document
