"""The people: addresses, consent, lists, segments, suppression, and the ledger of what each person was sent.

A file in this folder computes; `subscribers.store` is the SQLite file. Nothing here knows what a letter is.
"""
