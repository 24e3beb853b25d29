"""One file a page; each is a script that app.py runs."""
