"""清除个人信息: what is recorded when the personal data of a case is erased, by the decision of two persons.

One person requests it; every service tells whether it still has to keep the data; another person approves it; every service is
asked again, the keys are destroyed, and that is recorded. All of it stands in the access log, filed in the case it is about.
"""
