"""Files attached to points: taken in, looked into, stripped, kept."""
