"""Measurements against a bare application: `./run bench`."""
