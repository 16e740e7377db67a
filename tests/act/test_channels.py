"""What leaves: mail with its way out, signed webhooks, and the fate of each by where the dialogue ended."""

from __future__ import annotations

import hmac
import json
import threading
from base64 import b64decode, b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from tests.act.made import HOUR, NOON, Kept, Stream, agree, program, shop
from tests.act.mail_room import MailRoom

from pathworth import act
from pathworth.act.sending.mail import mail_of
from pathworth.base.errors import Refused, UnknownName, WrongUsage
from pathworth.store import Consents, Ledger

SECRET = "whsec_" + b64encode(b"k" * 32).decode()


def message(**given: str) -> act.Message:
    base = {
        "id": "abc",
        "decision": 1,
        "entity": "ann",
        "program": "basket",
        "channel": "email",
        "address": "ann@people.example",
        "subject": "Hello",
        "text": "Text",
        "html": None,
        "unsubscribe": "http://x/unsubscribe/1.a",
        "why": "http://x/why/1.a",
    }
    return act.Message(**{**base, **given})  # type: ignore[arg-type]


def server(room: MailRoom, **given: object) -> act.MailServer:
    said = {"host": "127.0.0.1", "port": room.port, "sender": "s@shop.example", "security": "none"}
    return act.MailServer(**{**said, **given})  # type: ignore[arg-type]


def test_mail_carries_its_stable_id_and_the_one_click_way_out() -> None:
    mail = mail_of(message(), "s@shop.example")
    assert mail["Message-ID"] == "<abc@shop.example>"
    assert mail["List-Unsubscribe"] == "<http://x/unsubscribe/1.a>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_each_end_of_a_dialogue_has_its_fate() -> None:
    with MailRoom(hold=3) as room:
        sender = act.MailSender(server(room))
        assert sender.send(message()).fate == "delivered"
        assert sender.send(message(address="nobody@people.example")).fate == "failed"
        hasty = act.MailSender(server(room, timeout_seconds=0.4))
        room.stop_at("receiver")
        assert hasty.send(message()).fate == "later"
        room.stop_at("answer")
        assert hasty.send(message()).fate == "unknown"
        assert len(room.kept) == 2
    assert sender.send(message()).fate == "later"


class Hook(BaseHTTPRequestHandler):
    status = 200
    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Hook.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        if Hook.status == 0:
            self.connection.close()
            return
        self.send_response(Hook.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_webhook_is_signed_and_a_lost_answer_is_unknown() -> None:
    listening = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    target = act.WebhookTarget(f"http://127.0.0.1:{listening.server_port}/in?x=1", SECRET, 3)
    try:
        fates = []
        for Hook.status in (200, 400, 503, 302, 0):
            fates.append(act.HookSender(target).send(message(channel="webhook")).fate)
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
    assert fates == ["delivered", "failed", "later", "failed", "unknown"]
    headers, body = Hook.got[0]
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = b64decode(SECRET.removeprefix("whsec_"))
    expected = b64encode(hmac.new(key, text, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert (headers["webhook-id"], json.loads(body)["person"]) == ("abc", "ann")
    assert act.HookSender(target).send(message()).fate == "later"


def test_secrets_are_kept_and_not_shown(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "w")
    given = act.Channels(
        email=act.MailServer("smtp.x.example", 587, "a@x.example", "starttls", "me", "geheim"),
        webhook=act.WebhookTarget("https://x.example/in", SECRET),
    )
    shown = act.keep_channels(workspace, given)
    assert (shown.email.password, shown.webhook.secret) == ("kept", "kept")
    act.keep_channels(workspace, shown)
    held = act.channels(workspace)
    assert (held.email.password, held.webhook.secret) == ("geheim", SECRET)


@pytest.mark.parametrize(
    "wrong",
    [
        act.Channels(email=act.MailServer("h", 25, "a@b.example\r\nBcc: c@d.example")),
        act.Channels(email=act.MailServer("h", 0, "a@b.example")),
        act.Channels(webhook=act.WebhookTarget("http://169.254.169.254/", SECRET)),
        act.Channels(webhook=act.WebhookTarget("https://x.example", "short")),
        act.Channels(address="javascript:alert(1)"),
    ],
)
def test_channels_that_cannot_be_are_refused(tmp_path: Path, wrong: act.Channels) -> None:
    workspace = shop(tmp_path / "w")
    with pytest.raises(WrongUsage, match="BAD_CHANNEL"):
        act.keep_channels(workspace, wrong)


def test_a_property_cannot_add_headers_or_receivers(tmp_path: Path) -> None:
    workspace, stream, kept = shop(tmp_path / "w", program(wait="0m")), Stream(), Kept()
    agree(workspace, "ann", "bob")
    stream.add("ann", "Added", NOON, first="A\r\nBcc: all@people.example")
    stream.add("bob", "Added", NOON, email="bob@people.example, all@people.example")
    act.feed(workspace, stream.events)
    rows = {row.entity: row.reasons for row in act.decide_due(workspace, NOON)}
    assert rows == {"ann": (), "bob": ("no_address",)}
    act.deliver(workspace, kept, now_us=NOON)
    mail = mail_of(kept.messages[0], "s@shop.example")
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Your basket, A Bcc: all@people.example"


def test_the_way_out_withdraws_consent_at_once_and_only_with_its_signature(tmp_path: Path) -> None:
    workspace, stream, kept = shop(tmp_path / "w", program(wait="0m", again="1h")), Stream(), Kept()
    agree(workspace, "ann")
    stream.add("ann", "Added", NOON)
    act.feed(workspace, stream.events)
    act.decide_due(workspace, NOON)
    act.deliver(workspace, kept, now_us=NOON)
    signed = kept.messages[0].unsubscribe.rpartition("/")[2]
    number, _, signature = signed.partition(".")
    for forged in (
        f"{int(number) + 1}.{signature}",
        f"{number}.",
        "x",
        f"{number}.{signature}x",
        "².",
    ):
        with pytest.raises(UnknownName, match="UNKNOWN_LINK"):
            act.unsubscribe(workspace, forged)
    told = act.why_for_person(workspace, signed)
    assert "Fills the basket" in told.sentence
    assert told.used == (("first", "Ann"),)
    act.unsubscribe(workspace, signed, now_us=NOON + HOUR)
    assert not Consents(workspace).of("ann")[-1].given
    assert act.why_for_person(workspace, signed).unsubscribed
    stream.add("ann", "Viewed", NOON + 2 * HOUR)
    stream.add("ann", "Added", NOON + 2 * HOUR)
    act.feed(workspace, stream.events)
    (row,) = act.decide_due(workspace, NOON + 2 * HOUR)
    assert row.reasons == ("no_consent",)
    assert Ledger(workspace).sends_and_mutes("basket", since_us=0) == (1, 1)


def test_a_test_leaves_no_row_and_needs_a_channel(tmp_path: Path) -> None:
    workspace, stream = shop(tmp_path / "w", program()), Stream()
    stream.add("ann", "Viewed", NOON)
    act.feed(workspace, stream.events)
    with pytest.raises(Refused, match="CHANNEL_NOT_SET"):
        act.send_test(workspace, program(), entity="ann", address="me@shop.example")
    with MailRoom() as room:
        act.keep_channels(workspace, act.Channels(email=server(room)))
        found = act.send_test(workspace, program(), entity="ann", address="me@shop.example")
        assert found.fate == "delivered"
        assert [(m.receiver, m.subject) for m in room.kept] == [
            ("me@shop.example", "[Test] Your basket, Ann")
        ]
    assert Ledger(workspace).rows() == ()
