"""Swedish in and Swedish out, read from the grammar files."""
