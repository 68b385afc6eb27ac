"""Official documents out."""
