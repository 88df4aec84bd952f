"""Logging in at the site's own identity provider, by OpenID Connect."""
