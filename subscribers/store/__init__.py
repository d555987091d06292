"""The people's SQLite file. The SQL of a table stands beside the functions that own it.

Its rooms, each of which knows those before it: ``file``, ``ledger``, ``register``, ``back``, ``keeping``.

Each function takes the connection first and commits nothing: its caller says where a transaction ends
(`subscribers.store.file.open.transaction`, or a job of `subscribers.store.file.writer`).
"""
