"""What comes due in audit."""
