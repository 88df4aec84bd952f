"""The pages that `bench --web` asks for, by what they are called in its figures."""

from voice.trials.many_people import extension

# As one types them.
_SOUGHT = ("a", "an", "ann", "anna", "öst", "berg-7", "skola", "12", "1234", "åsa ek")
_ONE = extension(0)
_CALL = "trial-0"
_SETTINGS = "/installningar"

PROMISED = {
    "start page": ("/",),
    "directory search": tuple(f"/katalog?q={each}" for each in _SOUGHT),
}

OTHERS = {
    "directory": ("/katalog", "/katalog?sida=100"),
    "odd diverts": ("/katalog?orimliga=1",),
    "somebody's page": (f"/katalog/{_ONE}",),
    "calls": ("/samtal",),
    "search in calls": tuple(
        f"/samtal?q={each}" for each in ("augusti", "semester till", "s", "zebra")
    ),
    "some of the calls": (
        f"/samtal?anknytning={_ONE}",
        "/samtal?oklart=1",
        "/samtal?utfall=ended",
        "/samtal?under=50",
        "/samtal?plats=start",
        "/samtal?plats=confirm&oklart=1",
    ),
    "one call": (f"/samtal/{_CALL}",),
    "Läge": ("/lage", "/lage?dagar=365"),
    "trail": (f"{_SETTINGS}/spar",),
    "some of the trail": (
        f"{_SETTINGS}/spar?anknytning={_ONE}",
        f"{_SETTINGS}/spar?av=voice",
        f"{_SETTINGS}/spar?av=nobody",
        f"{_SETTINGS}/spar?handelse=ExtensionAdded",
    ),
    "extensions": (
        f"{_SETTINGS}/anknytningar",
        f"{_SETTINGS}/anknytningar?q=berg",
        f"{_SETTINGS}/anknytningar?efter={extension(1000)}",
    ),
    "one extension": (f"{_SETTINGS}/anknytningar/{_ONE}",),
    "accounts": (f"{_SETTINGS}/konton",),
    "API: directory": ("/api/v1/directory", "/api/v1/directory?unit=Skola&limit=500"),
    "API: one person": (f"/api/v1/directory/{_ONE}",),
    "API: diverts": ("/api/v1/diverts", "/api/v1/diverts?limit=500"),
    "API: route": (f"/api/v1/route/{_ONE}",),
    "API: calls": ("/api/v1/transcripts", "/api/v1/transcripts?text=augusti"),
    "API: one call": (f"/api/v1/transcripts/{_CALL}",),
}
