"""What people see and search of reviews."""
