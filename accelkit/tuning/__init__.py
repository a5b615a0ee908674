"""The best of many configurations, with few trials."""
