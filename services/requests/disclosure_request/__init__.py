"""公开申请: one request for disclosure, from its receipt to its end."""
