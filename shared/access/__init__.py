"""Who may do what: agencies, units, people, grants, accounts and sessions, as events of a log of their own, the sixth.

It is written in one place and read by all: every process keeps the `Directory`, a fold of this log, so that a revocation acts at once. Officials
stand here by name and title, which their office makes public; the events of the services name them by id alone.
"""
