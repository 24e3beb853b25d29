"""Answers → people: the browser pages and the terminal."""
