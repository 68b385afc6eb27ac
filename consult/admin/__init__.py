"""Users, organisations, settings, audit view."""
