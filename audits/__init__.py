"""Decides what the evidence means. Pure: no network, no clock, no database."""
