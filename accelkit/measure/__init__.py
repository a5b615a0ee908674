"""One run of one guest under one command line: start it, watch it, end it, say what it took."""
