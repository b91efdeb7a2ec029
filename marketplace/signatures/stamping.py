"""Asks a time-stamp authority (RFC 3161) for a token, within a time that a person waiting for a page accepts."""

import asyncio
import http.client
import time
import urllib.error
import urllib.request

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

PATIENCE = 4.0
"""Seconds for the whole answer, however slowly it trickles."""
LARGEST = 256 * 1024
HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class Authority(TimeStamper):
    """One authority by its address; every failure is a TimestampRequestError. `token_time` is what the last token says."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        super().__init__()
        self.url = url
        self.patience = patience

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer to one request, checked to be about what was asked."""
        try:
            return await asyncio.to_thread(self.ask, req)
        except (OSError, ValueError, TypeError, KeyError, http.client.HTTPException) as error:
            raise TimestampRequestError(f"no usable time stamp from {self.url}: {error}") from error

    def token(self, digest: bytes) -> cms.ContentInfo:
        """A token over a SHA-256 digest, or TimestampRequestError."""
        found: cms.ContentInfo = asyncio.run(self.async_timestamp(digest, "sha256"))
        return found

    def ask(self, asked: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send it and read the answer, counting the time from the beginning."""
        end = time.monotonic() + self.patience
        request = urllib.request.Request(self.url, asked.dump(), HEADERS)
        if not self.url.startswith(("http://", "https://")):
            raise ValueError("not a web address")
        data = b""
        with urllib.request.urlopen(request, timeout=self.patience) as answer:
            while part := answer.read1(16 * 1024):
                data += part
                if len(data) > LARGEST or time.monotonic() > end:
                    raise ValueError("the answer is too long or too slow")
        found = tsp.TimeStampResp.load(data, strict=True)
        if found["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise ValueError("the authority refuses")
        if imprint(found) != asked["message_imprint"]["hashed_message"].native:
            raise ValueError("the token is about something else")
        return found


def imprint(answer: tsp.TimeStampResp) -> bytes:
    """The digest that a token is about."""
    token = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    found: bytes = token["message_imprint"]["hashed_message"].native
    return found
