"""The append-only log of what was received and published."""
