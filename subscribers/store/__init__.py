"""The people's SQLite file. The SQL of a table stands beside the functions that own it.

Each function takes the connection first and commits nothing: its caller says where a transaction ends
(`subscribers.store.open.transaction`, or a job of `subscribers.store.writer`).
"""
