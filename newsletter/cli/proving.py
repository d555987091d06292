"""Show the proof: what went wrong, on purpose, and what came of the readers."""

from dataclasses import asdict

from newsletter.cli import proof, terminal
from newsletter.cli.proof import Trial
from newsletter.verdict import Verdict

HEAD = ("what goes wrong", "tries", "readers", "accepted", "refused", "uncertain", "lost", "doubled", "denied")


def show(kills: int, as_json: bool) -> bool:
    """Run the proof, and print what came of it. Return whether every promise held."""
    trials = proof.trials()
    terminal.say(
        f"{len(trials)} tries: each of {len(proof.ACTIONS)} faults at each of {len(proof.STAGES)} stages, in "
        f"{len(proof.WAYS)} ways of sending; then the sender is killed {terminal.counted(kills, 'time')}. "
        "It takes about a minute, and nothing leaves this machine."
    )
    found: dict[str, list[Verdict]] = {f"at {stage}": [] for stage in proof.STAGES}
    broken: list[str] = []

    def tried(trial: Trial, verdict: Verdict) -> None:
        found[f"at {trial.stage}"].append(verdict)
        if not verdict.sound:
            broken.append(f"{trial.action} at {trial.stage}, {trial.way}: {_words(verdict)}")

    def killed(times: int, verdict: Verdict) -> None:
        terminal.say(f"  killed {times} times in the middle of a send: {_words(verdict)}")
        found.setdefault("kill -9", []).extend([verdict, *[Verdict()] * (times - 1)])
        if not verdict.sound:
            broken.append(f"kill -9: {_words(verdict)}")

    proof.faults(tried, trials)
    proof.kills(kills, killed)
    rows = {name: (len(verdicts), sum(verdicts, Verdict())) for name, verdicts in found.items()}
    total = sum((verdict for _, verdict in rows.values()), Verdict())
    if as_json:
        tries = [{"what": name, "tries": count, **asdict(verdict)} for name, (count, verdict) in rows.items()]
        terminal.emit({"faults": tries, "total": asdict(total), "broken": broken, "sound": not broken})
    else:
        _table(rows, total)
        _tell(total, broken)
    return not broken


def _table(rows: dict[str, tuple[int, Verdict]], total: Verdict) -> None:
    lines = [(name, f"{count:,}", *_figures(verdict)) for name, (count, verdict) in rows.items()]
    lines.append(("all", f"{sum(count for count, _ in rows.values()):,}", *_figures(total)))
    terminal.table(HEAD, lines)


def _tell(total: Verdict, broken: list[str]) -> None:
    for line in broken:
        terminal.say(f"broken: {line}")
    if broken:
        terminal.say("A promise of docs/delivery.md is broken. Please report it, with this output.")
        return
    terminal.say(
        f"Nobody lost, nobody doubled. {total.uncertain:,} are uncertain: it went wrong between their final "
        f"dot and its answer (at most {total.allowed:,} may be): the ledger says so, and nothing sends them twice."
    )


def _figures(verdict: Verdict) -> tuple[str, ...]:
    names = ("readers", "accepted", "refused", "uncertain", "lost", "doubled", "denied")
    return tuple(f"{getattr(verdict, name):,}" for name in names)


def _words(verdict: Verdict) -> str:
    return (
        f"{verdict.readers:,} readers, {verdict.lost} lost, {verdict.doubled} doubled, {verdict.denied} denied, "
        f"{verdict.uncertain} uncertain (at most {verdict.allowed})"
    )
