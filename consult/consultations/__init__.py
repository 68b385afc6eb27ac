"""The round: stages, audience, questions, deadlines."""
