"""Users, sign-in, sessions, roles."""
