"""The five services. One anatomy; none imports another."""
