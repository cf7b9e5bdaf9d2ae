"""What may be decided about a case of accountability, from its opening to its end."""
