"""The consultations room's jobs."""
