"""The theory: recipes are functions from option map to option map, and also values."""
