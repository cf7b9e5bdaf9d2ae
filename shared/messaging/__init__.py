"""How events travel: the relay carries a log into its stream, the inbox carries a stream into a service. PostgreSQL is the truth, NATS is transport."""
