"""`newsletter demo`: the whole job, told by running the very commands that an editor would run."""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from newsletter.cli import terminal
from newsletter.cli.place import Folder
from newsletter.errors import NewsletterError, UsageError
from newsletter.files import sample

#: How long a server of ours may take to answer, and a mail to come, in seconds: a machine that is busy needs many.
PATIENCE = 120


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: its workspace, its servers, and whether it talks."""

    folder: Path
    web: str
    inbox: str
    quiet: bool

    def run(self, *words: str) -> None:
        """Show a command and run it, as an editor would see it."""
        self.tell("\n" + click.style(f"$ newsletter {shlex.join(words)}", bold=True))
        shown = subprocess.DEVNULL if self.quiet else None
        # A child that pages or asks would wait for an answer that nobody gives.
        done = subprocess.run(
            self._words(words), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=shown, stderr=shown
        )
        if done.returncode:
            raise NewsletterError(f"newsletter {shlex.join(words)} ended with code {done.returncode}")

    def ask(self, *words: str) -> dict[str, Any]:
        """Run a command for its JSON."""
        command = self._words((*words, "--json"))
        done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return dict(json.loads(done.stdout))

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start a server."""
        self.tell("\n" + click.style(f"$ newsletter {shlex.join(words)} &", bold=True))
        log = (self.folder / f"{words[0]}.log").open("wb")
        return subprocess.Popen(
            self._words(words), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )

    def tell(self, text: str) -> None:
        """Say something, unless quiet."""
        if not self.quiet:
            click.echo(text, err=True)

    @staticmethod
    def _words(words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "newsletter", *words]


@click.command()
@click.option("--once", is_flag=True, help="End by itself instead of leaving the inbox open.")
@click.option("--keep", type=Folder(), metavar="DIR", help="Play in DIR and leave it there.")
@click.option(
    "--faults", is_flag=True, help="Prove instead what a send promises: everything goes wrong, on purpose."
)
@click.option(
    "--kills",
    type=click.IntRange(0, 10_000),
    default=12,
    show_default=True,
    help="With --faults: so many SIGKILLs.",
)
@terminal.json_option
@click.pass_context
def demo(context: click.Context, once: bool, keep: Path | None, faults: bool, kills: int, as_json: bool) -> None:
    """Show the whole job on sample content: two languages, a thousand invented readers, a catcher for the mail.

    Everything happens in a temporary folder and on this machine; no mail leaves it. At the end the inbox stays
    open in your browser's reach until you press Ctrl-C.

    --faults sends to a server that misbehaves at every stage in every way, and kills the sender again and again.
    It counts by the server's own log who was lost, doubled or left in doubt; code 1 says that a promise broke.

    \b
    Examples:
      newsletter demo
      newsletter demo --once
      newsletter demo --keep park-letter
      newsletter demo --faults
      newsletter demo --faults --kills 300
    """
    if faults and keep:
        raise UsageError("--faults keeps nothing", remedy="leave out --keep")
    if not faults and context.get_parameter_source("kills") is not ParameterSource.DEFAULT:
        raise UsageError("--kills is for the proof", remedy="add --faults")
    if faults:
        from newsletter.cli.run.proof import show

        context.exit(0 if show.show(kills, as_json) else 1)
    # Its servers must not outlive it, however it is ended.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    with ExitStack() as stack:
        stage = build(stack, keep, quiet=as_json)
        summary = play(stage)
        with suppress(KeyboardInterrupt):
            if as_json:
                terminal.emit(summary)
            else:
                tell_summary(stage, summary)
            if not once:
                stage.tell("\nThe inbox stays open. Press Ctrl-C to end.")
            while not once:
                signal.pause()
        if not once:
            stage.tell("")


def build(stack: ExitStack, keep: Path | None, *, quiet: bool) -> Stage:
    """Make the workspace, in *keep* or a folder that ends with *stack*, as the servers do that are started."""
    folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsletter-demo-"))) / "letter"
    smtp, web, inbox = free_ports(3)
    stage = Stage(folder.absolute(), f"http://127.0.0.1:{web}", f"http://127.0.0.1:{inbox}", quiet)
    stage.tell("An invented science park writes to a thousand readers. All of it stays on this machine.")
    sample.write(folder, web=web, smtp=smtp, now=terminal.now())
    for words in (("catch", "--port", str(smtp), "--web-port", str(inbox)), ("serve",)):
        stack.callback(stop, stage.start(*words))
    wait_for(f"{stage.inbox}/messages.json")
    wait_for(f"{stage.web}/health")
    return stage


def play(stage: Stage) -> dict[str, Any]:
    """Go through the job from articles to readers; return what came of it."""
    slug = f"{terminal.now():%Y-%m}"
    sample.readers(stage.folder / "readers.csv")
    stage.run("fetch")
    stage.run("compose", slug)
    stage.run("check", slug)
    consent = "Invented people, who agree to everything"
    stage.run("subscribers", "import", "readers.csv", "--list", "monthly", "--consent", consent)
    stage.run("segments", "list")
    began = time.monotonic()
    stage.run("send", slug, "--list", "monthly", "--yes")
    seconds = time.monotonic() - began
    stage.tell("\nA newcomer signs up on the page, confirms by the mail, and one reader leaves with one click.")
    newcomer = sign_up(stage)
    leaver = leave(stage)
    status = stage.ask("status")
    return {
        "workspace": str(stage.folder),
        "issue": slug,
        "seconds": round(seconds, 2),
        "sends": status["sends"],
        "signed_up": newcomer,
        "unsubscribed": leaver,
        "caught": fetch_json(f"{stage.inbox}/messages.json?limit=1")["count"],
        "inbox": stage.inbox,
        "pages": stage.web,
    }


def tell_summary(stage: Stage, summary: dict[str, Any]) -> None:
    """Say in a few lines what came of it."""
    [send] = summary["sends"]
    states = ", ".join(f"{count:,} {state}" for state, count in send["states"].items() if count)
    stage.tell("\n" + click.style("What came of it", bold=True))
    for line in (
        f"  issue {summary['issue']} to {send['audience']:,} readers in {summary['seconds']} s: {states}",
        f"  signed up and confirmed: {summary['signed_up']}",
        f"  unsubscribed with one click: {summary['unsubscribed']}",
        f"  messages in the catcher: {summary['caught']:,} (the letters, and the newcomer's two mails)",
        "",
        f"  the inbox    {summary['inbox']}",
        f"  the pages    {summary['pages']}/subscribe",
        f"  the folder   {summary['workspace']}",
    ):
        stage.tell(line)


def sign_up(stage: Stage) -> str:
    """Sign a newcomer up through the page, and confirm by the link in the mail. Return the address."""
    address = "newcomer@example.net"
    page = read(f"{stage.web}/subscribe?lang=sv")
    form = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    form |= {"email": address, "name": "Ny Läsare", "language": "sv", "list": "monthly"}
    read(f"{stage.web}/subscribe", form)
    mail = latest_mail(stage, address)
    link = re.search(r"http://\S+/confirm/[\w~.-]+", mail)
    if link is None:
        raise NewsletterError("the confirm mail has no link")
    read(link[0], {})
    latest_mail(stage, address, count=2)
    return address


def leave(stage: Stage) -> str:
    """Unsubscribe one reader as a mail program does (RFC 8058). Return the address."""
    address = "reader0007@example.org"
    link = re.search(r"<(http[^>]+)>", latest_mail(stage, address, header="List-Unsubscribe"))
    if link is None:
        raise NewsletterError("the message has no List-Unsubscribe")
    read(link[1], {"List-Unsubscribe": "One-Click"})
    return address


def latest_mail(stage: Stage, address: str, header: str = "", count: int = 1) -> str:
    """Wait until *count* mails to *address* came; return the latest one's text part, or one of its headers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = fetch_json(f"{stage.inbox}/messages.json?limit=1&to={urllib.parse.quote(address)}")
        if found["count"] >= count:
            [message] = found["messages"]
            raw = read_bytes(f"{stage.inbox}/messages/{message['id']}/raw")
            mail = message_from_bytes(raw, policy=policy.default)
            if header:
                return str(mail[header])
            body = mail.get_body(("plain",))
            return str(body.get_content()) if body else ""
        time.sleep(0.1)
    raise NewsletterError(
        f"no mail to {address} came within {PATIENCE} seconds",
        remedy="if this machine is busy, run the demo again when it is not",
    )


def read_bytes(url: str, form: dict[str, str] | None = None) -> bytes:
    """GET *url*, or POST *form* to it. Only pages of our own servers on loopback are read."""
    data = None if form is None else urllib.parse.urlencode(form).encode()
    # A proxy of the environment knows nothing of this machine's own servers.
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with straight.open(url, data, timeout=PATIENCE) as answer:
        return bytes(answer.read())


def read(url: str, form: dict[str, str] | None = None) -> str:
    """Return a page as text."""
    return read_bytes(url, form).decode()


def fetch_json(url: str) -> dict[str, Any]:
    """Return a JSON document."""
    return dict(json.loads(read_bytes(url)))


def wait_for(url: str) -> None:
    """Wait until a server answers. Raise NewsletterError if it never does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            read_bytes(url)
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise NewsletterError(f"nothing answers at {url}", remedy="see the .log files in the demo's folder")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a server of ours, politely first."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(one.getsockname()[1]) for one in sockets]
