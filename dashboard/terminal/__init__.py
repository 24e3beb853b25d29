"""What the terminal shows: tables, files, progress bars, and the flags that come from the filters."""
