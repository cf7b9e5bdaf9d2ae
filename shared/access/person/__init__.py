"""工作人员: a person is an identity within one agency, with the roles granted to it."""
