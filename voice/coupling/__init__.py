"""Phones that follow calendars: read in time, written into, and called by them."""
