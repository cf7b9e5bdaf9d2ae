"""账号: how a person proves to be that person: a login and a password, its age and history, its failures and its locks."""
