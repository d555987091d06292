"""The table [retention]: how long what is kept of people."""

from dataclasses import dataclass

from newsletter.toml import Table


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a signup waits to be confirmed, and how long a shortened network address stays in the ledger.

    Somebody who left every list is erased after *left_months*; None keeps them until an editor does it.
    """

    pending_days: int = 14
    network_months: int = 12
    left_months: int | None = None


def read(table: Table) -> Retention:
    """Return what the table says. Raise SettingsError."""
    default = Retention()
    forgets = "left_months" in table.values
    left = table.whole("left_months", 120, 1, 120)
    return Retention(
        pending_days=table.whole("pending_days", default.pending_days, 1, 3650),
        network_months=table.whole("network_months", default.network_months, 0, 120),
        left_months=left if forgets else None,
    )
