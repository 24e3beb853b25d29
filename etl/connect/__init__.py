"""From a folder of unknown files to a draft of source.toml: sniff the files, profile the columns, match, write."""
