"""Staff pages that compose several rooms; owns no models."""
