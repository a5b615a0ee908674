"""Performance-tuning studies on real QEMUs: plan, run, store, compare, report."""
