"""The letters: what was published, picked into an issue, rendered, and sent to people.

The flow is the file list; each line names what does the step and what it makes::

    source    fetch/ files/ reading/         bytes in                RawItem
      article   article.py                   normalize, key          Article     files/pool.py
        pick      pick.py score.py           choose and order        Pick
          issue     issue.py issuefile/      issue.md <-> Issue      Issue       files/issues.py
            render    render.py template.py  HTML and text           Rendered    templates/
              message   message.py header.py dkim.py                 Message
                delivery  delivery.py        reply -> outcome        Outcome     send/ -> subscribers.store
                          hours.py pace.py turn.py breaker.py        when, how fast, whose turn, whether to go on

                  feedback  feedback.py bounce/      what comes back         Feedback    receive/ web/
                            report.py chart.py       what it adds up to      Report

Before a send, the gate (preflight.py gate/) looks at what was rendered.

Eight folders touch the world: ``fetch`` HTTP, ``files`` the disk, ``lookup`` DNS, ``send`` SMTP, ``receive``
mailboxes, ``web`` and ``catch`` their listeners, ``cli`` the terminal. Everything else computes: values in, values
out. `reading`, `issuefile`, `gate` and `bounce` hold the parts of stages that outgrew one file, `settings` the
tables of newsletter.toml. Letters know people (`subscribers`); people never know letters.
"""

__version__ = "0.1.0"
