"""Commissioned critiques: orders, panels, blind reviews, meetings and reports."""
