"""What most programs in Python do: an EmailMessage for each reader, aiosmtplib's own sendmail, pooled connections.

``python -m tests.bench.peer PORT READERS CONNECTIONS FOLDER``; FOLDER holds letter.html and letter.txt. It keeps
no ledger, so it promises nothing about a crash.
"""

import asyncio
import sys
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib


def build(number, text, html):
    message = EmailMessage()
    message["From"] = "Bench <news@example.org>"
    message["To"] = f"Reader {number} <reader{number}@example.org>"
    message["Subject"] = "Hello"
    message["Message-ID"] = f"<{number}@example.org>"
    message["List-Unsubscribe"] = f"<https://example.org/{number}>"
    message.set_content(text.replace("READER", f"Reader {number}"), cte="quoted-printable")
    message.add_alternative(html.replace("READER", f"Reader {number}"), subtype="html", cte="quoted-printable")
    return message


async def send(port, numbers, text, html):
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        for number in numbers:
            data = bytes(build(number, text, html))
            await client.sendmail("bounce@example.org", [f"reader{number}@example.org"], data)


async def main(port, count, connections, folder):
    text, html = ((Path(folder) / name).read_text() for name in ("letter.txt", "letter.html"))
    numbers = iter(range(1, int(count) + 1))
    await asyncio.gather(*(send(int(port), numbers, text, html) for _ in range(int(connections))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
