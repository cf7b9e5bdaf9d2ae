"""An important matter in its three stages: comments before the decision, the decision, the result (DX-06; JC; Decree 713)."""
