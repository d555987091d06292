"""The proof of `newsletter demo --faults`: what docs/delivery.md promises, tried on servers that misbehave.

The oracle is the server's own log, by Message-ID. `faults` are the server's, `troubles` those of the machine that
sends, `kills` ends the real command; `ground` is what they try it on.
"""
