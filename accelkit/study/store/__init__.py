"""The store of a study: an SQLite file, written in one transaction per trial."""
