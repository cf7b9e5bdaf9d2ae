"""Who answers for what went wrong: a case of accountability, investigated by the uninterested, decided by others, appealed to others again (ZR)."""
