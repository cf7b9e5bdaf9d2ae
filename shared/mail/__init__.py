"""Mail that leaves the platform: one way to hand a message to the agency's mail server, which tells exactly what is known afterwards."""
