"""The catcher: an SMTP server on this machine that delivers nothing and shows everything.

It keeps each message as a file before it says 250, so a kill loses nothing that it accepted. `server` takes mail
in, `mailbox` keeps it, `reading` takes a message apart, `inbox` shows it in a browser.
"""
