"""Outside agencies on NATS: each has an account of its own, sees the letters that are addressed to it and nothing else, and answers by request-reply."""
