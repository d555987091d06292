"""The terminal, and the only place where the parts are wired together. Nothing imports it.

`main` finds a command by its name. The commands lie in a room for each job, with what they do beside them; what
they share lies here.
"""
