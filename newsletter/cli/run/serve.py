"""`newsletter serve`: web pages, mails about subscriptions and the sender in one process."""

import click

from newsletter.cli.run import hangup


@click.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen; [web] host without it.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; [web] port without it, 0 for any free one.")
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None) -> None:
    """Run everything that must not sleep: pages for readers, their mails, and sends whose time comes.

    Readers sign up, confirm, choose and leave at [letter] base_url, which a web server with a certificate hands on
    to this one. Where the SMTP route does not answer, the pages go on and mails wait. Ctrl-C or SIGTERM ends it
    once what is under way has ended; killing it loses nothing either. SIGHUP has it read settings, keys and
    templates anew; if they are wrong it says so, and goes on as before.

    \b
    Examples:
      newsletter serve
      newsletter serve --port 8080
      newsletter serve --host 0.0.0.0 --port 80
    """
    # What is loaded here takes longest, and a SIGHUP may come meanwhile.
    early = hangup.early()
    from newsletter.cli import terminal
    from newsletter.cli.run import shift

    shift.serve(terminal.here(context), host, port, early)
