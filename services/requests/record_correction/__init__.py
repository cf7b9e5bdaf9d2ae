"""更正: what an agency has on record about somebody is put right, or the claim goes to who may put it right (Decree 711, Article 41; YS-09a, YS-09b)."""
