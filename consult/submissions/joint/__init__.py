"""Joint submissions of clubs: suggestions, signatures, dissent."""
