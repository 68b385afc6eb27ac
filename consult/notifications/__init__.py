"""In-app messages and the e-mail outbox."""
