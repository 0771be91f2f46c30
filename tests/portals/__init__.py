"""A town of small portals on loopback, good and awkward, for tests and for the demonstration."""
