"""consult: advice, critique and assessment of public drafts, with an answer to every point."""
