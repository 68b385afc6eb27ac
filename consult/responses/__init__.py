"""The agency's answers to points."""
