"""Submissions and points."""
