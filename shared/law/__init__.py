"""The law as data, and the one clock of all services.

Working days with 调休, the rulebooks, the outcomes of a request, roles and capabilities, the fee tariff: tables in
files that a jurist can read. The functions beside them are pure: same facts, same rulebook, same calendar, same
answer. Nothing here reads a clock.
"""
