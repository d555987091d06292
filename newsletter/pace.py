"""How fast a route may be used: a bucket that fills with time. Reads no clock and waits for nobody."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Lets *rate* things a second pass, and so many at once as one second brings, at least one.

    *rate* None lets everything pass.
    """

    rate: float | None
    _level: float = 1.0
    _seen: float | None = None

    def take(self, now: float) -> float:
        """Take one, and return how many seconds to wait before using it. *now* is a clock that only goes on.

        What is taken is taken: callers that wait stand in line, each behind the one before.
        """
        if self.rate is None:
            return 0.0
        if self._seen is not None:
            self._level = min(max(1.0, self.rate), self._level + (now - self._seen) * self.rate)
        self._seen = now
        self._level -= 1
        return max(0.0, -self._level / self.rate)
