"""Many points at once: imported tables and filled forms."""
