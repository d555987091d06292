"""The people: addresses, consent, lists, segments, suppression, and the ledger of what each person was sent.

A file in this folder computes, as `subscribers.table` does, which reads what others know of people;
`subscribers.store` is the SQLite file. Nothing here knows what a letter is.
"""
