"""Where the trials of a study run: on this host, or on many."""
