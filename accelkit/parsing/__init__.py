"""From text to recipes: command lines, sweeps and Python are read, word by word."""
