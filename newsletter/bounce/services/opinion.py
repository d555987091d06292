"""Weigh what a service makes of a failure against what the server said, which it passes on."""

from newsletter.bounce.verdict import HARD, Evidence, Verdict, judge, kind


def hard(said: str, status: str = "", otherwise: str = "userunknown") -> Verdict:
    """Return what a failure is that the service calls final; *otherwise* is the reason where nobody gives one.

    Services call final what was refused for the letter's sake, too: there the server's words count.
    """
    # A service passes on what was said of the recipient.
    verdict = judge(Evidence(said, lambda: "RCPT TO:<", status, "failed"))
    return verdict if verdict.reason != "undefined" else Verdict(kind(otherwise), otherwise, verdict.status)


def soft(said: str) -> Verdict:
    """Return what a failure is that the service does not hold against the address for good."""
    verdict = judge(Evidence(said))
    return Verdict("soft", "undefined", verdict.status) if verdict.reason in HARD else verdict
