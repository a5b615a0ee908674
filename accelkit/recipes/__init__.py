"""Recipes: values that are also functions, from an option map to an option map. The table is ``table.py``."""
