"""A publication: from the creation of information to every channel it is published by, with its gates (Decree 711, Articles 10–26)."""
