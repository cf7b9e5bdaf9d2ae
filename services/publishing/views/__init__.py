"""What people see of publishing."""
