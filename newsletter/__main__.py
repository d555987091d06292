"""The first lines that run, for `newsletter` and for `python -m newsletter`.

Until a command is loaded nothing was done, so Ctrl-C ends it at once and without a word, as it ends a C program.
"""

# The core of `signal`, which itself first loads more than all that is guarded here.
import _signal  # type: ignore[import-not-found]

# A shell lets a program in the background ignore Ctrl-C: then it goes on doing so.
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

from newsletter.cli.main import main

if __name__ == "__main__":
    main()
