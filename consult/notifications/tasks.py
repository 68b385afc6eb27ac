"""The notifications room's jobs."""
