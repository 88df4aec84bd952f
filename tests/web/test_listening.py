"""Where the web listens: what it sends is not kept back."""

import socket

from voice.web_service import listening


def test_an_answer_is_sent_without_waiting_for_what_was_sent_before():
    with (
        listening("127.0.0.1:0") as place,
        socket.create_connection(place.getsockname()),
    ):
        let_in, _ = place.accept()
        with let_in:
            assert let_in.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
