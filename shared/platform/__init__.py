"""The ground that the services stand on: PostgreSQL and NATS from their wheels where no others are named, and the databases in them."""
