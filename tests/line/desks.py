"""Telephones that an Asterisk rings, played by sipp."""

import scenes

DESK = "[1630](+type=aor)\ncontact=sip:1630@{place}\n"
"""Tells the example where the telephone 1630 is, which has not registered."""


def is_called() -> str:
    """Be called, answer, and hang up a second later."""
    tag = ";tag=desk[call_number]"
    back = "[last_Via:]\n[last_From:]\n[last_To:]{tag}\n[last_Call-ID:]\n[last_CSeq:]"
    contact = "Contact: <sip:1630@[local_ip]:[local_port]>"
    kind, sdp = scenes.sdp("RTP/AVP 8")
    took = "".join(
        f'<ereg regexp="<[^>]*>.*" search_in="hdr" header="{name}:" assign_to="{to}"/>'
        for name, to in (("From", "far"), ("To", "own"))
    ).replace("<[^", "&lt;[^")
    ok = f"SIP/2.0 200 OK\n{back.format(tag=tag)}\n{contact}\nContent-Type: {kind}"
    bye = (
        "BYE [next_url] SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
        f"From: [$own]{tag}",
        "To: [$far]",
        "[last_Call-ID:]",
        "CSeq: 1 BYE",
        "Max-Forwards: 70",
        "Content-Length: 0",
    )
    return "".join(
        (
            f'<recv request="INVITE" rrs="true"><action>{took}</action></recv>\n',
            f"<send><![CDATA[\n{ok}\nContent-Length: [len]\n\n{sdp}\n]]></send>\n",
            scenes.is_asked("ACK"),
            scenes.waits(1.0),
            "<send><![CDATA[\n" + "\n".join(bye) + "\n\n]]></send>\n",
            scenes.gets(200),
        )
    )


def is_busy() -> str:
    """Be called, and be busy."""
    return "".join(
        (
            scenes.is_asked("INVITE"),
            scenes.answers("486 Busy Here"),
            scenes.is_asked("ACK"),
        )
    )
