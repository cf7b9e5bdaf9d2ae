"""What people may say of a major decision, assessed before it is decided."""
