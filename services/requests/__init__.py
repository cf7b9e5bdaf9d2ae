"""依申请公开 requests: decides what becomes of a request for government information, from its receipt to its reply: registration, amendment,
fees, extension, the secrecy review of what is given out, the outcome, its approval and delivery (Decree 711, Articles 27–45; the bureau's
rules on disclosure on request, YS).
"""
