"""主动公开 publishing: decides what is published, where and when: catalogue, publication with its gates, policy interpretation and public
participation (Decree 711, Articles 19–26; Decree 713; the bureau's rules ZD, JC and ZJ).
"""
