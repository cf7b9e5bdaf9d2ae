"""What every service stands on: events, deciders, commands, the pipeline that records them, and the projections that read them.

One way for data to flow: a *command* is decided by pure functions into *events* (or a refusal); the *pipeline* stores the events of
many commands in one transaction; the *log* is the outbox; *views* are folds of the log that can be built again at any time.
"""
