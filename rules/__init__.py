"""What is asked of portals, as data."""
