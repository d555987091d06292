"""The SMTP server that tests send to is the one that ships: it remembers, and misbehaves where it is told to."""

from newsletter.catch.faulty import EXTENSIONS, Fault, Received, Server

__all__ = ["EXTENSIONS", "Fault", "Received", "Server"]
