"""A channel outside of the platform that is told what the portal publishes: another system, a hub of subscribers, a mailbox."""
