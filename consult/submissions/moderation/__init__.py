"""Hiding a point from the public, the appeal, the public log."""
