"""The API: what other programs ask and change, by keys of their own."""
