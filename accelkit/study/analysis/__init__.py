"""From trials to comparisons, verdicts, cautions and cliffs. Pure."""
