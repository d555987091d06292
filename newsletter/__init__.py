"""The letters: what was published, picked into an issue, rendered, and sent to people.

The flow is the file list; each line names what does the step and what it makes::

    source    fetch/ files/                  bytes in               RawItem
      article   article.py                   normalize, key         Article     files/pool.py
        pick      pick.py                    choose and order       Pick
          issue     issue.py                 issue.md <-> Issue     Issue       files/issues.py
            render    render.py              HTML and text          Rendered    templates/
              message   message.py           one per recipient      Message
                delivery  delivery.py        reply -> outcome   Outcome  send/ -> subscribers.store

A file in this folder computes: values in, values out. A folder touches one part of the world:
``fetch`` HTTP, ``files`` the disk, ``send`` SMTP, ``web`` and ``catch`` their listeners, ``cli`` the terminal.
Letters know people (`subscribers`); people never know letters.
"""

__version__ = "0.1.0"
