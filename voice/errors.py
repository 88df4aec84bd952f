"""The root of every error that the house expects."""


class VoiceError(Exception):
    """Something foreseen went wrong; the text says what, and what to do about it."""
