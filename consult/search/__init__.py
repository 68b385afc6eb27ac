"""Index and queries."""
