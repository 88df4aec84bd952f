"""What a call does next, as pure functions over frozen values."""
