"""What staff enter from paper, letters and meetings."""
