"""The web: calls for operators, one's own divert for everybody."""
