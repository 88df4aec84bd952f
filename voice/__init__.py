"""An offline, voice-operated telephonist for absence diverts, in Swedish."""
