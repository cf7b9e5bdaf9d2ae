"""What an official has read of what is new."""
