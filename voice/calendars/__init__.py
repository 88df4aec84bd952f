"""Other people's calendars: Google's, Outlook's, CalDAV servers' and plain files."""
