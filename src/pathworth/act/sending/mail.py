"""E-mail over SMTP, one dialogue per message, told apart by where it ended."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import formatdate

import aiosmtplib

from pathworth.act.contracts import MailServer, Message, Outcome


class MailSender:
    """Sends through a mail server.

    Parameters
    ----------
    server
        Where, and from whom.
    """

    at_once = 1

    def __init__(self, server: MailServer) -> None:
        self.server = server

    def send(self, message: Message) -> Outcome:
        """Send one message.

        Until the text has been handed over nothing can have been delivered; after that, only an answer tells.
        """
        # A loop of its own in a thread of its own: the caller may stand inside one, as notebooks do.
        with ThreadPoolExecutor(max_workers=1) as apart:
            return apart.submit(lambda: asyncio.run(self._dialogue(message))).result()

    async def _dialogue(self, message: Message) -> Outcome:
        server = self.server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=server.timeout_seconds,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            username=server.login,
            password=server.password,
        )
        try:
            data = mail_of(message, server.sender).as_bytes(policy=LINES)
        except ValueError as error:
            return Outcome("failed", f"It could not be written as mail: {error}")
        try:
            await client.connect()
            await client.mail(server.sender)
            await client.rcpt(message.address)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            return _before(error)
        try:
            answer = await client.data(data)
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            return _after(error)
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
        return Outcome("delivered", f"{answer.code} {answer.message}")


def mail_of(message: Message, sender: str) -> EmailMessage:
    """Return a message as mail, with its stable id and the one-click way out of RFC 8058."""
    mail = EmailMessage()
    domain = sender.rpartition("@")[2] or "localhost"
    mail["From"], mail["To"], mail["Subject"] = sender, message.address, message.subject
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Date"] = formatdate()
    mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail


def _before(error: Exception) -> Outcome:
    """Return what an error before the text means: nothing was delivered.

    Only a refused receiver is this message's own fault; a wrong login or sender is mended and tried again.
    """
    code = getattr(error, "code", 0)
    refused = isinstance(error, aiosmtplib.SMTPRecipientRefused) and 500 <= code < 600
    return Outcome("failed" if refused else "later", _said(error))


def _after(error: Exception) -> Outcome:
    """Return what an error at or after the text means: without an answer nobody knows."""
    code = getattr(error, "code", 0)
    if isinstance(error, aiosmtplib.SMTPDataError) and isinstance(code, int):
        if 500 <= code < 600:
            return Outcome("failed", _said(error))
        if 400 <= code < 500:
            return Outcome("later", _said(error))
    return Outcome("unknown", f"The answer was lost: {_said(error)}")


def _said(error: Exception) -> str:
    code, message = getattr(error, "code", None), getattr(error, "message", None)
    return f"{code} {message}" if code and message else f"{type(error).__name__}: {error}"
