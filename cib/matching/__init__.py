"""Comparing words that adversaries disguise: look-alike letters, hidden characters, letters set apart, names a letter away."""
