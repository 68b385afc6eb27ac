"""Wordings of received points that came before the latest."""
