"""The addresses of the web, a few lines each."""
