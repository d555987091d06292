"""A DNS server with a character: it knows what it was told, and says so of nothing else. Listens on loopback."""

import json
import socket
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class Zone:
    """What the server knows: *records* by name and type, each a list of texts as a zone file has them.

    Names of *failing* are answered with SERVFAIL, those of *silent* not at all.
    """

    def __init__(self, records, failing=(), silent=()):
        self.records = {(name.lower().rstrip("."), kind): texts for (name, kind), texts in records.items()}
        self.failing, self.silent = set(failing), set(silent)
        self.asked = []

    def answer(self, wire):
        """Return the answer to a question, or None for none."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text().lower().rstrip("."), question.rdtype.name
        self.asked.append((name, kind))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA | dns.flags.RA
        if name in self.silent:
            return None
        if name in self.failing:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif texts := self.records.get((name, kind)):
            reply.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *texts))
        elif not any(known == name or known.endswith(f".{name}") for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire(max_size=65535)


def quoted(text):
    """Return the text of a TXT record as a zone file has it."""
    return " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))


def _serve(listener, zone):
    while True:
        try:
            wire, peer = listener.recvfrom(65535)
        except OSError:
            return
        if not wire:
            return
        if reply := zone.answer(wire):
            listener.sendto(reply, peer)


@contextmanager
def serve(zone):
    """Serve *zone* during the block; yield the port."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    thread = threading.Thread(target=_serve, args=(listener, zone), daemon=True)
    thread.start()
    try:
        yield port
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", ("127.0.0.1", port))
        thread.join()
        listener.close()


if __name__ == "__main__":
    # python -m tests.dnsserver RECORDS.json: on port 53 of a network namespace of its own.
    known = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 53))
        print("ready", flush=True)
        _serve(listener, Zone({(name, kind): texts for name, kind, texts in known}))
