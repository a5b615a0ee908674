"""What people read of a tuning: its report, the chart and the course of its search, its trials for Optuna's dashboard."""
