"""投诉举报: somebody complains of how the agency keeps its duty of openness; every complaint comes to a recorded conclusion (YS-10.1, YS-08x.2, X-08)."""
