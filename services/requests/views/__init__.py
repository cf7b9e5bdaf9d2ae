"""What people see and search of requests."""
