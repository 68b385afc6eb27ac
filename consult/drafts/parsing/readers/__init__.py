"""Readers: one module per file format, each giving a Source."""
