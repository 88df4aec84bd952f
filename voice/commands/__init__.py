"""The command line: what each command of `telefonist` does."""
