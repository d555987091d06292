"""A table [[hook]]: a mail service that reports bounces and complaints to a page of ours."""

import re
from dataclasses import dataclass

from newsletter.toml import Table

#: The services whose reports are understood; generic is our own form.
KINDS = (
    *(
        "ses",
        "postmark",
        "mailgun",
        "sendgrid",
        "brevo",
        "mailersend",
        "mailjet",
        "mandrill",
        "resend",
        "sparkpost",
    ),
    "generic",
)

#: The services that sign nothing and send a user name and password.
PASSWORD = frozenset(("postmark", "brevo", "mailjet", "sparkpost"))


@dataclass(frozen=True, slots=True)
class Hook:
    """A service. *secret_env* names the variable with its secret; *topic* is SES's, *key* SendGrid's."""

    kind: str
    secret_env: str
    topic: str
    key: str


def read(table: Table) -> Hook:
    """Return what the table says. Raise SettingsError."""
    hook = Hook(
        kind=table.text("kind", None, KINDS),
        secret_env=table.variable("secret_env"),
        topic=table.text("topic", ""),
        key=table.text("key", ""),
    )
    if hook.kind == "ses" and not re.fullmatch(r"arn:aws[\w-]*:sns:[\w-]+:\d+:[\w-]+", hook.topic):
        raise table.fail("topic", "SES reports by a topic of SNS", 'name it: topic = "arn:aws:sns:…:letters"')
    if hook.kind == "sendgrid" and not hook.key:
        raise table.fail("", "SendGrid signs what it reports", "add key, the verification key of its webhook")
    if hook.kind not in ("ses", "sendgrid") and not hook.secret_env:
        remedy = 'name the environment variable that holds it: secret_env = "NEWSLETTER_HOOK_SECRET"'
        raise table.fail("", "anybody could report", remedy)
    return hook
