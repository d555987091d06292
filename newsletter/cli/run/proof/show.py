"""Show the proof: what went wrong, on purpose, and what came of the readers."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from newsletter.cli import terminal
from newsletter.cli.run.proof import faults, kills
from newsletter.cli.run.proof.audit import Verdict
from newsletter.cli.run.proof.faults import Trial
from newsletter.cli.run.proof.troubles import Trouble, troubles

HEAD = (
    "what goes wrong", "tries", "readers", "accepted", "refused", "left out", "uncertain", "lost", "doubled",
    "denied",
)  # fmt: skip

#: So many kills a minute, about, on two cores.
KILLS_A_MINUTE = 30

#: What is tried with the real command, besides killing it.
ENDS = (
    Trouble("ten senders at once", kills.crowded),
    Trouble("the system ends it (SIGTERM)", kills.drained),
    Trouble("the disk is full", kills.full),
)


def show(count: int, as_json: bool) -> bool:
    """Run the proof with so many kills, and print what came of it. Return whether every promise held."""
    trials, around = faults.trials(), troubles()
    terminal.say(
        f"{len(trials)} tries: {len(faults.ACTIONS)} faults at {len(faults.STAGES)} stages, in {len(faults.WAYS)} "
        f"ways of sending; then {len(around) + len(ENDS)} troubles of the machine; then the sender is killed "
        f"{terminal.counted(count, 'time')}. It takes about {2 + count // KILLS_A_MINUTE} minutes, and nothing "
        "leaves this machine."
    )
    found: dict[str, list[Verdict]] = defaultdict(list)
    broken: list[str] = []
    dead: list[tuple[int, Verdict]] = []

    def heard(name: str, what: str, verdict: Verdict, times: int = 1) -> None:
        found[name] += [verdict, *[Verdict()] * max(0, times - 1)]
        if not verdict.sound:
            broken.append(f"{what}: {_words(verdict)}")

    def tried(trial: Trial, verdict: Verdict) -> None:
        heard(f"at {trial.stage}", f"{trial.action} at {trial.stage}, {trial.way}", verdict)

    def killed(times: int, verdict: Verdict) -> None:
        terminal.say(f"  killed {terminal.counted(times, 'time')} in the middle of a send: {_words(verdict)}")
        dead.append((times, verdict))

    # Most of these wait, one for a minute: they do so beside the others.
    with ThreadPoolExecutor(len(around)) as beside:
        waiting = [(one, beside.submit(one.try_)) for one in around]
        faults.tried(tried, trials)
        ended = [(one, one.try_()) for one in ENDS]
        kills.kills(count, killed)
        for one, verdict in waiting:
            heard(one.name, one.name, verdict.result())
    for one, seen in ended:
        heard(one.name, one.name, seen)
    for times, seen in dead:
        heard("kill -9", "kill -9", seen, times)
    rows = {name: (len(verdicts), sum(verdicts, Verdict())) for name, verdicts in found.items()}
    total = sum((verdict for _, verdict in rows.values()), Verdict())
    if as_json:
        tries = [{"what": name, "tries": number, **asdict(verdict)} for name, (number, verdict) in rows.items()]
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
        terminal.say("A promise of `newsletter docs delivery` is broken. Please report it, with this output.")
        return
    terminal.say(
        f"Nobody lost, nobody doubled. {total.uncertain:,} are uncertain: it went wrong between their final "
        f"dot and its answer (at most {total.allowed:,} may be): the ledger says so, and nothing sends them twice."
    )


def _figures(verdict: Verdict) -> tuple[str, ...]:
    names = ("readers", "accepted", "refused", "left", "uncertain", "lost", "doubled", "denied")
    return tuple(f"{getattr(verdict, name):,}" for name in names)


def _words(verdict: Verdict) -> str:
    return (
        f"{verdict.readers:,} readers, {verdict.lost} lost, {verdict.doubled} doubled, {verdict.denied} denied, "
        f"{verdict.uncertain} uncertain (at most {verdict.allowed})"
    )
