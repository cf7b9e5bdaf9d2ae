"""What stands before any word of press leaves: the secrecy review of exactly this text, and the confirmation of the agencies that it concerns."""
