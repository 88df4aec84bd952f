"""Who works where, as the site's directory server (LDAP) tells it."""
