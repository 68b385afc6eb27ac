"""Answers to the questions of a round."""
