"""Several stores: merged into one, one compared with another, and a series of them searched for changes."""
