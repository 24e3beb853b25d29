"""A synthetic clinic as CSV, and the seeded generator that made it."""
