"""The table [retention]: how long what is kept of people."""

from dataclasses import dataclass

from newsletter.toml import Table


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a signup waits to be confirmed, and how long a shortened network address stays in the ledger."""

    pending_days: int = 14
    network_months: int = 12


def read(table: Table) -> Retention:
    """Return what the table says. Raise SettingsError."""
    default = Retention()
    return Retention(
        pending_days=table.whole("pending_days", default.pending_days, 1, 3650),
        network_months=table.whole("network_months", default.network_months, 0, 120),
    )
