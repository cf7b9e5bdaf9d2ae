"""Who answers for openness in an agency and year: the accountable owners, the coordinating office, and each unit for its own items (DX-02)."""
