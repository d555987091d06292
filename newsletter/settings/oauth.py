"""A table [[oauth]]: who lets us log in for an hour at a time, where a mail server takes no password."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.errors import cited
from newsletter.settings import value
from newsletter.toml import Table

#: Where Microsoft and Google answer, and what one asks them for to read and send mail.
MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
MICROSOFT_MAIL = "https://outlook.office365.com/.default"
GOOGLE = "https://oauth2.googleapis.com/token"
GOOGLE_MAIL = "https://mail.google.com/"


@dataclass(frozen=True, slots=True)
class Oauth:
    """Who is asked, at *url*, and how (RFC 6749). What is not used by a *kind* is "".

    * microsoft: an application logs in as itself (section 4.4): *client*, and *secret_env* for its secret.
    * google: a service account signs what it asks for (RFC 7523): *key_file*, from the workspace.
    * refresh: somebody agreed once (section 6): *client*, *refresh_env* for what they got, maybe *secret_env*.

    *scope* is what we may do then.
    """

    name: str
    kind: str
    url: str
    scope: str
    client: str = ""
    secret_env: str = ""
    refresh_env: str = ""
    key_file: str = ""


def read(table: Table) -> Oauth:
    """Return what the table says. Raise SettingsError."""
    name = table.text("name")
    kind = table.text("kind", None, ("microsoft", "google", "refresh"))
    match kind:
        case "microsoft":
            tenant = "" if "url" in table.values else _tenant(table)
            return Oauth(
                name=name,
                kind=kind,
                url=_url(table, MICROSOFT.format(tenant=tenant)),
                scope=table.text("scope", MICROSOFT_MAIL),
                client=table.text("client"),
                secret_env=_variable(table, "secret_env", "the application's secret"),
            )
        case "google":
            return Oauth(
                name=name,
                kind=kind,
                url=_url(table, GOOGLE),
                scope=table.text("scope", GOOGLE_MAIL),
                key_file=_file(table),
            )
        case _:
            return Oauth(
                name=name,
                kind=kind,
                url=_url(table),
                scope=table.text("scope", ""),
                client=table.text("client"),
                secret_env=table.variable("secret_env"),
                refresh_env=_variable(table, "refresh_env", "the refresh token"),
            )


def named(table: Table, known: Collection[str]) -> str:
    """Return the name of the [[oauth]] that *table* logs in by, "" for none. *known* are all there are.

    Raise SettingsError for another one.
    """
    name = table.text("oauth", "")
    if name and name not in known:
        remedy = f"known here: {', '.join(known)}" if known else "add one; `newsletter docs settings` shows it"
        raise table.fail("oauth", f"there is no [[oauth]] called {cited(name)}", remedy)
    return name


def _tenant(table: Table) -> str:
    tenant = table.text("tenant")
    if not re.fullmatch(r"[A-Za-z0-9.-]+", tenant):
        remedy = "write the directory's ID, or a domain of it, as Microsoft Entra shows it"
        raise table.fail("tenant", f"{cited(tenant)} names no directory", remedy)
    return tenant


def _file(table: Table) -> str:
    name = table.text("key_file")
    if not name or not name.isprintable():
        remedy = 'write it as key_file = "subscribers/google.json"'
        raise table.fail("key_file", f"key_file {cited(name)} names no file", remedy)
    return name


def _url(table: Table, default: str | None = None) -> str:
    url = value.url(table, "url", table.text("url", default))
    parts = urlsplit(url)
    if parts.scheme == "http" and not value.loopback(parts.hostname or ""):
        raise table.fail("url", "the secret would travel readable by everybody", 'write it as url = "https://…"')
    return url


def _variable(table: Table, key: str, what: str) -> str:
    name = table.variable(key)
    if not name:
        remedy = f'name the environment variable that holds it: {key} = "NEWSLETTER_OAUTH_{key[:-4].upper()}"'
        raise table.fail("", f"{what} is missing", remedy)
    return name
