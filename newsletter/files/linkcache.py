"""What links answered lately, so that a check on every save does not ask again: ``.cache/links.json``."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.files import issues
from newsletter.gate.answers import Answer

#: A page that was there is there tomorrow; one that was not is what an editor is mending now.
GOOD, BAD = timedelta(hours=24), timedelta(minutes=2)
#: Older answers than this are forgotten.
KEPT = timedelta(days=7)


def load(path: Path, now: datetime) -> dict[str, Answer]:
    """Return the answers that still count. A cache that cannot be read is an empty one."""
    return {
        address: answer
        for address, (at, answer) in _read(path).items()
        if at <= now < at + (GOOD if answer.state == "ok" else BAD)
    }


def keep(path: Path, answers: Mapping[str, Answer], now: datetime) -> None:
    """Add *answers*. What cannot be written is only slower the next time."""
    known = {address: pair for address, pair in _read(path).items() if now - pair[0] < KEPT}
    known |= {address: (now, answer) for address, answer in answers.items() if answer.state != "offline"}
    document = {
        address: {"at": at.isoformat(), **asdict(answer)} for address, (at, answer) in sorted(known.items())
    }
    with suppress(OSError):
        issues.write(path, json.dumps(document, ensure_ascii=False, indent=1))


def _read(path: Path) -> dict[str, tuple[datetime, Answer]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {
            address: (datetime.fromisoformat(one.pop("at")), Answer(**one)) for address, one in document.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
