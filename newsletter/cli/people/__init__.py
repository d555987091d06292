"""The people: `newsletter subscribers`, `lists`, `segments` and their kin."""
