"""Calls to other systems, when a divert begins, changes or ends."""
