"""Counts, stores and publishes what audits found."""
