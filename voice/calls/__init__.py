"""A call from its offer to its end: who calls, what is said, and what is written."""
