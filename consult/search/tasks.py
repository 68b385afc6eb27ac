"""The search room's jobs."""
