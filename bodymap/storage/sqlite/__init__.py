"""SQLite: one file, one process that writes it, group commit."""
