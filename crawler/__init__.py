"""Keeps what portals said: the only room that touches the network."""
