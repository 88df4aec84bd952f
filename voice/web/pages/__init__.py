"""What pages show, made of stored values: pure."""
