"""From an analysis to reports, charts, frames and exported files."""
