"""Endorsements and reports of readers."""
