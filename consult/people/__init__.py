"""Intellectuals' profiles, organisations, clubs, verification."""
