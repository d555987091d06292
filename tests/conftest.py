"""What every test may ask for."""

import compileall
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import blank, postfix, smtpsink
from tests.editor import Editor
from tests.ledger import Ledger
from tests.shell import Shell
from tests.sourceserver import Site, serving

if TYPE_CHECKING:
    from tests.webserver import World

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
OPENDKIM = shutil.which("opendkim-testmsg") or shutil.which("opendkim-testmsg", path="/usr/sbin")

# A property is true however long it takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin")

FLOWS = Path(__file__).parent / "flows"
#: What takes long besides: twenty seconds of a processor or more.
LONG = {
    "test_axe.py",
    "test_broken_issues.py",
    "test_cli_serve.py",
    "test_cli_trying.py",
    "test_hostile_documents.py",
    "test_restore.py",
}

#: What a marker needs: whether it is there, and what is missing if not.
NEEDS = {
    "browser": (CHROMIUM and CHROMEDRIVER, "needs Debian's chromium and chromium-driver"),
    "axe": (shutil.which("npm"), "needs npm, which brings axe-core"),
    "opendkim": (OPENDKIM and shutil.which("unshare"), "needs opendkim-testmsg, of Debian's opendkim-tools"),
    "dovecot": (DOVECOT, "needs Debian's dovecot-imapd"),
    "spamassassin": (shutil.which("spamassassin"), "needs Debian's spamassassin"),
    # Where we are not root, the tests that need it are left out, in CI too.
    "postfix": (postfix.found(), "needs Debian's postfix, and root, whose programs change users"),
    "sink": (smtpsink.PROGRAM, "needs smtp-sink, of Debian's postfix"),
}


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin with an empty cache: what an earlier run kept hides nothing, and the user keeps theirs.

    A run in the background ignores Ctrl-C, and so would the programs that it starts and ends by that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        # Each of the many commands that tests start would compile us anew where Python is told to keep nothing.
        for package in ("newsletter", "subscribers"):
            compileall.compile_dir(Path(__file__).parents[1] / package, quiet=2)
    cache = tempfile.TemporaryDirectory()
    config.add_cleanup(cache.cleanup)
    os.environ["XDG_CACHE_HOME"] = cache.name


@pytest.fixture(scope="session")
def seed_page() -> Path:
    """The real page. It is another's text, so it lies beside the project, and only where it is tested."""
    path = Path(__file__).parents[2] / "shared" / "seed" / "flemingsberg-page.txt"
    if not path.exists():
        pytest.skip("the real page is not beside this checkout")
    return path


@pytest.fixture
def editor(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Editor:
    """An editor at a terminal, in a workspace of their own."""
    return Editor(tmp_path, capfd)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The folder of a new workspace."""
    return blank.letter(tmp_path / "letter", "Park").root


@pytest.fixture
def run(workspace: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """What runs commands in the workspace."""
    return Shell(workspace, capsys)


@pytest.fixture
def ledger_of(tmp_path: Path) -> Iterator[Callable[[int], Ledger]]:
    """What makes a ledger with a send to so many readers."""
    with ExitStack() as stack:
        yield lambda count: stack.enter_context(closing(Ledger(tmp_path, count)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator["World"]:
    """Yield the pages of `serve`, with a clock and a mailbox of their own."""
    # Loads a web server, which most tests need not wait for.
    from tests.webserver import serving

    with serving(tmp_path) as started:
        yield started


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server that says what it is told to."""
    with serving() as one:
        yield one


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests whose programs are missing, except in CI, where they must run; what takes long begins.

    A flow takes up to a minute: were it the last one, all but one of our processes would wait for it.
    """
    items.sort(key=lambda item: (item.path.parent != FLOWS, item.path.name not in LONG))
    strict = os.environ.get("CI") == "true"
    for item in items:
        for marker, (found, reason) in NEEDS.items():
            lacking = not found and (not strict or (marker == "postfix" and os.getuid() != 0))
            if lacking and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
