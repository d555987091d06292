"""The table [compose]: how articles are weighed, and what an issue may be made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.picking.wish import HALF_LIFE, LEAD, REST, Weights
from newsletter.settings import value
from newsletter.toml import Table


@dataclass(frozen=True, slots=True)
class Compose:
    """How issues are composed. *per_source* 0 is no limit; *untranslated* is auto, mark or leave.

    *editor* is the address that is told of a draft, "" for where readers' answers go. *pictures* lets every issue
    have copies of the pictures that it shows from the web.
    """

    weights: Weights = field(default_factory=Weights)
    per_source: int = 0
    untranslated: str = "auto"
    editor: str = ""
    pictures: bool = False


def read(table: Table) -> Compose:
    """Return what the table says. Raise SettingsError."""
    half_life = table.take("half_life", float, HALF_LIFE)
    if not 0 < half_life <= 3650:
        raise table.fail("half_life", f"half_life cannot be {half_life:g}", "write a number of days, such as 30")
    editor = table.text("editor", "")
    return Compose(
        weights=Weights(_weights(table, "lead", LEAD), _weights(table, "weights", REST), half_life),
        per_source=table.whole("per_source", 0, 0, 1000),
        untranslated=table.text("untranslated", "auto", ("auto", "mark", "leave")),
        pictures=table.take("pictures", bool, False),
        editor=value.mailbox(table, "editor", editor)[1] if editor else "",
    )


def _weights(table: Table, name: str, default: Mapping[str, float]) -> Mapping[str, float]:
    """Return the weights in the table *name* of the table; those that it leaves out are as they are."""
    own = Table(table.take(name, dict, {}), f"{table.name}.{name}", table.at)
    weights = {part: own.take(part, float, weight) for part, weight in default.items()}
    own.end()
    for part, weight in weights.items():
        if not 0 <= weight <= 1000:
            raise own.fail(
                part, f"{part} cannot be {weight:g}", "choose a number from 0 up; they count in relation"
            )
    if not any(weights.values()):
        raise own.fail("", "every weight is 0", "give one of them more")
    return weights
