"""保密审查与协调 review: decides what may leave the agency: the secrecy review of everything before it is given out or published, bound to the
hash of its bytes, and the confirmation between agencies (Decree 711, Articles 11, 14, 17; the bureau's rules on secrecy review, BM).
"""
