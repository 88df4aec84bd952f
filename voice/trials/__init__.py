"""Calls that are replayed, timed and placed by plan, and the house that takes them."""
