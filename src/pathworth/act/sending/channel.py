"""The workspace's own sender: each message over its channel, and a test that goes to one address."""

from __future__ import annotations

from pathworth.act.contracts import Channels, Message, Outcome, Program
from pathworth.act.sending.compose import values_of
from pathworth.act.sending.hook import HookSender
from pathworth.act.sending.mail import MailSender
from pathworth.act.sending.settings import channels
from pathworth.act.sending.write import NotWritable, write
from pathworth.base.errors import Refused
from pathworth.store import Workspace


class ChannelSender:
    """Sends each message over its channel.

    Parameters
    ----------
    channels
        How messages leave.
    """

    at_once = 1

    def __init__(self, channels: Channels) -> None:
        self.channels = channels

    def send(self, message: Message) -> Outcome:
        """Send one message; without a channel set up it is tried again later."""
        if not ready(self.channels, message.channel):
            return Outcome("later", f"Nothing says how {message.channel} leaves.")
        if message.channel == "email":
            return MailSender(self.channels.email).send(message)
        return HookSender(self.channels.webhook).send(message)


def ready(given: Channels, channel: str) -> bool:
    """Return whether messages of a channel can leave."""
    if channel == "email":
        return bool(given.email.host and given.email.sender)
    return bool(given.webhook.url and given.webhook.secret)


def sender_of(workspace: Workspace) -> ChannelSender | None:
    """Return the workspace's sender, null while no channel is set up."""
    found = channels(workspace)
    return ChannelSender(found) if ready(found, "email") or ready(found, "webhook") else None


def send_test(workspace: Workspace, program: Program, *, entity: str, address: str) -> Outcome:
    """Send the message as one person would get it to an address of one's own; no row, no consent is asked.

    Raises
    ------
    Refused
        ``CHANNEL_NOT_SET``, ``NOT_WRITABLE``.
    """
    found = channels(workspace)
    if not ready(found, program.channel):
        raise Refused(
            "CHANNEL_NOT_SET",
            f"Nothing says how {program.channel} leaves this workspace.",
            "Set the channel up first.",
        )
    out = f"{found.address}/unsubscribe/preview", f"{found.address}/why/preview"
    values = values_of(workspace, entity, program=program)
    try:
        written = write(program.message, values, unsubscribe=out[0], why=out[1])
    except NotWritable as error:
        raise Refused(
            "NOT_WRITABLE", f"It cannot be written for {entity}: {error}.", "Choose another person."
        ) from error
    message = Message(
        id=f"test-{program.id}",
        decision=0,
        entity=entity,
        program=program.id,
        channel=program.channel,
        address=address,
        subject=f"[Test] {written.subject}",
        text=written.text,
        html=written.html,
        unsubscribe=out[0],
        why=out[1],
    )
    return ChannelSender(found).send(message)
