"""The SQLite file of a study: one trial, one transaction."""
