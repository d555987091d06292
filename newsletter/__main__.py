"""`python -m newsletter` is the command `newsletter`."""

from newsletter.cli.main import main

main()
