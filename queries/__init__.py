"""Warehouse → answers: every measure as one named SQL file, and the statistics it needs."""
