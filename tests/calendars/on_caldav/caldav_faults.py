"""Answers of CalDAV servers that go wrong, and what each of them means."""

from odd_door import XML, Answered

from voice.calendars.port import AccessDeniedError, BrokenAnswerError, BusyError

SECRET = "Överläggning Åsas sjukdom"
FAULTS = [
    (Answered(401), AccessDeniedError, "TELEFONIST_CALDAV_PASSWORD"),
    (Answered(403), AccessDeniedError, "share it with that user"),
    (Answered(404), AccessDeniedError, "no calendar at the linked address"),
    (Answered(410), AccessDeniedError, "no calendar at the linked address"),
    (Answered(301, headers={"Location": "/"}), BrokenAnswerError, "link that one"),
    (Answered(307, headers={"Location": "/"}), BrokenAnswerError, "link that one"),
    (Answered(429, headers={"Retry-After": "7"}), BusyError, "tried again"),
    (Answered(503, headers={"Retry-After": "7"}), BusyError, "tried again"),
    (Answered(500, SECRET.encode()), BusyError, "tried again"),
    (Answered(502, SECRET.encode(), XML), BusyError, "tried again"),
    (Answered(200, SECRET.encode()), BrokenAnswerError, "own CalDAV address"),
    (Answered(207, SECRET.encode(), XML), BrokenAnswerError, "own CalDAV address"),
    (Answered(207, b"<a>" + SECRET.encode(), XML), BrokenAnswerError, "own CalDAV"),
    (Answered(207, b"<a/>", XML), BrokenAnswerError, "own CalDAV address"),
    (Answered(207), BrokenAnswerError, "own CalDAV address"),
    (Answered(207, b"<a/>", XML, cut=2), BusyError, "tried again"),
    (Answered(418, SECRET.encode()), BrokenAnswerError, "own CalDAV address"),
    (None, BusyError, "tried again"),
]
