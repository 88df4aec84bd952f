"""What can be written in a settings file: its sections, their keys, and their kinds."""

from collections.abc import Mapping

from voice import ldap_kinds
from voice import setting_kinds as kinds
from voice.calendars.settings import Clearing
from voice.ldap.settings import Unencrypted
from voice.phone.settings import Encryption, Transport
from voice.service import Confirmation
from voice.setting_kinds import Kind

SECTIONS: Mapping[str, Mapping[str, Kind]] = {
    "store": {"address": kinds.store_address},
    "sound": dict.fromkeys(("grammar", "models", "cache", "prompts"), kinds.path),
    "waiting": dict.fromkeys(
        ("whole", "extendable", "incomplete", "silence", "between_keys", "call"),
        kinds.seconds,
    ),
    "service": {
        "spoken": kinds.numbers,
        "keyed": kinds.numbers,
        "operator": kinds.number,
        "ring_through": kinds.pattern,
        "calls": kinds.whole(1, 1000),
        "drain_seconds": kinds.seconds,
        "confirm_codes_by": kinds.choice(Confirmation),
        "mobile_needs_pin": kinds.switch,
        "earcon": kinds.switch,
    },
    "sip": {
        "on": kinds.switch,
        "exchange": kinds.host,
        "listen": kinds.listening,
        "transport": kinds.choice(Transport),
        "trusted": kinds.networks,
        "encryption": kinds.choice(Encryption),
        "certificate": kinds.path,
        "authorities": kinds.path,
        "wideband": kinds.switch,
        "rtp_ports": kinds.port_range,
        "calls": kinds.whole(1, 1000),
    },
    "sip.registration": {
        "user": kinds.user,
        "registrar": kinds.host,
        "seconds": kinds.whole(30, 86400),
    },
    "asterisk": {
        "on": kinds.switch,
        "agi": kinds.listening,
        "audio": kinds.listening,
        "trusted": kinds.networks,
        "transfers": kinds.context,
        "calls": kinds.whole(1, 1000),
    },
    "redirect": {
        "on": kinds.switch,
        "listen": kinds.listening,
        "exchange": kinds.host,
        "here": kinds.host,
        "ring_through": kinds.pattern,
        "trusted": kinds.networks,
    },
    "numbering": {
        "country": kinds.country,
        "trunk": kinds.digits,
        "international": kinds.digits,
    },
    "health": {"listen": kinds.listening, "open": kinds.switch},
    "recording": {"days": kinds.whole(0, 3650), "folder": kinds.path},
    "retention": {
        "transcripts_days": kinds.whole(1, 3650),
        "trail_days": kinds.whole(30, 3650),
    },
    "calendars": {
        **dict.fromkeys(("free", "tentative", "notes"), kinds.switch),
        "clearing": kinds.choice(Clearing),
        **dict.fromkeys(
            (
                "google_seconds",
                "outlook_seconds",
                "caldav_seconds",
                "ics_seconds",
                "pushed_seconds",
            ),
            kinds.seconds,
        ),
        "push_address": kinds.web_address,
        "push_listen": kinds.listening,
        "at_once": kinds.whole(1, 200),
        "per_minute": kinds.whole(1, 100_000),
    },
    "google": {"key": kinds.path, "address": kinds.web_address},
    "outlook": {
        "tenant": kinds.host,
        "client": kinds.user,
        "certificate": kinds.path,
        "sign_in": kinds.web_address,
        "graph": kinds.web_address,
    },
    "caldav": {"user": kinds.account, "authorities": kinds.path},
    "caldav.accounts.NAME": {
        "address": kinds.web_address,
        "user": kinds.account,
        "authorities": kinds.path,
    },
    "ldap": {
        "address": ldap_kinds.server,
        "unencrypted": kinds.choice(Unencrypted),
        "authorities": kinds.path,
        **dict.fromkeys(("user", "base", "group"), ldap_kinds.name),
        "filter": ldap_kinds.search_filter,
        **dict.fromkeys(("number", "name"), ldap_kinds.attributes(1)),
        "last_digits": kinds.whole(0, 15),
        **dict.fromkeys(
            ("unit", "mail", "mobiles", "search"), ldap_kinds.attributes(0)
        ),
        "remove_missing": kinds.switch,
        "kept": kinds.numbers,
        "page": kinds.whole(1, 10_000),
        "seconds": kinds.seconds,
        "sync_minutes": kinds.whole(0, 7 * 24 * 60),
    },
    "web": {
        "listen": kinds.listening,
        "address": kinds.web_address,
        "proxies": kinds.networks,
        "idle_minutes": kinds.whole(1, 24 * 60),
        "longest_hours": kinds.whole(1, 7 * 24),
        "operators_see_all": kinds.switch,
        "requests_a_second": kinds.whole(1, 10_000),
        "hooks_inside": kinds.networks,
    },
    "web.oidc": {
        "issuer": kinds.web_address,
        "client": kinds.account,
        "groups": kinds.claim,
        "extension": kinds.claim,
        "domain": kinds.host,
        "authorities": kinds.path,
    },
    "web.oidc.roles": dict.fromkeys(
        ("person", "operator", "administrator"), kinds.groups
    ),
}
"""Every section and key that can be written, and what each can be."""
