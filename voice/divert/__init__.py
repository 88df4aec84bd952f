"""The core: absence diverts, as pure functions over frozen values."""
