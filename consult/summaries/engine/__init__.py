"""Reading many texts by machine: duplicates, themes and lines, from text to text only."""
