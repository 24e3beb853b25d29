"""Bad files and what must become of each."""
