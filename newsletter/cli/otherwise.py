"""What people type who know other programs, and what is meant here. Loads nothing."""

from collections.abc import Mapping

#: Words for what another command does, by the group that they are looked for in ("" is the program itself).
COMMANDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "": {
        word: tuple(meant.split(", "))
        for words, meant in {
            "new create": "compose, init",
            "setup start quickstart": "init, demo",
            "draft write issue": "compose",
            "open": "edit, preview",
            "view show look proof": "preview",
            "publish mail deliver": "send",
            "stats statistics analytics opens clicks": "report",
            "readers people contacts members users": "subscribers",
            "list": "issues, lists",
            "history log": "issues, status",
            "stop abort": "pause, cancel",
            "config settings": "docs settings",
            "version": "--version",
            "import": "subscribers import",
            "export": "subscribers export",
            "add": "subscribers add, articles add",
            "delete remove": "subscribers unsubscribe, subscribers erase",
            "unsubscribe": "subscribers unsubscribe",
            "suppress": "subscribers suppress",
            "erase forget": "subscribers erase",
            "search find": "articles search, subscribers list",
            "pin": "articles pin",
            "hold": "articles hold",
            "hide": "articles hide",
            "validate lint verify": "check",
            "theme templates design": "themes",
            "collect crawl": "fetch",
            "server web run": "serve",
        }.items()
        for word in words.split()
    },
    "subscribers": {
        word: meant
        for words, meant in {
            "delete remove": ("unsubscribe", "erase"),
            "forget": ("erase",),
            "search find": ("list",),
            "consent": ("newsletter consent show",),
        }.items()
        for word in words.split()
    },
    "suppressions": {"add": ("newsletter subscribers suppress",)},
    "articles": {
        "delete": ("hide",),
        "remove": ("hide",),
        "new": ("add",),
        "import": ("add",),
        "find": ("search",),
    },
}
#: Options that are looked for, by their command, and what does that here.
OPTIONS: Mapping[tuple[str, str], str] = {
    ("send", "--test"): "newsletter test",
    ("send", "--preview"): "newsletter preview",
    ("send", "--now"): "--at now",
    ("preview", "--export"): "--html",
    ("preview", "--out"): "--html",
    ("preview", "--output"): "--html",
    ("preview", "--file"): "--html",
    ("report", "--export"): "--html",
    ("report", "--out"): "--html",
    ("report", "--output"): "--html",
}


def command(group: str, typed: str) -> tuple[str, ...]:
    """Return the commands that *typed* may mean in *group*, () for a word that is not known."""
    return COMMANDS.get(group, {}).get(typed.casefold(), ())


def option(command: str, typed: str) -> str:
    """Return what does what the option *typed* of a command is looked for, "" for one that is not known."""
    return OPTIONS.get((command, typed.casefold()), "")
