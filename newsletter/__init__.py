"""The letters: what was published, picked into an issue, rendered, and sent to people.

The flow is the file list: a file for each step, beside it the folder of its parts; then what it makes, and where
that is kept or goes::

    source    reading/                           bytes in                RawItem     fetch/ files/
      article   article.py kin/                  normalize, key, pair    Article     files/pool/
        pick      pick.py picking/               choose and order        Pick
          issue     issue.py issuefile/          issue.md <-> Issue      Issue       files/issues.py
            render    render.py rendering/       HTML and text           Rendered    files/looks/ templates/
              message   message.py mail/         one for each reader     Message
                delivery  delivery.py timing/    reply -> outcome        Outcome     send/ -> subscribers.store
                  feedback  feedback.py bounce/  what comes back         Feedback    receive/ web/
                            report.py results/   what it adds up to      Report

Before a send, the gate (preflight.py gate/) looks at what was rendered, and trust/ at what DNS says of the sender.
model.py has the words for all that, errors.py what can go wrong, config.py and settings/ what an operator sets.

Eight folders touch the world: ``fetch`` HTTP, ``files`` the disk, ``lookup`` DNS, ``send`` SMTP, ``receive``
mailboxes, ``web`` and ``catch`` their listeners, ``cli`` the terminal. Everything else computes: values in, values
out. Letters know people (`subscribers`); people never know letters.
"""

__version__ = "0.1.0"
