"""Installations in folders of their own: commands, a gunicorn, and a small browser without pictures."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
IDLE = 1.0
PASSWORD = "Demo-2026-LienKet"
COOPERATIVE, OTHER, BUYER = "htx@example.vn", "htx2@example.vn", "doanhnghiep@example.vn"
OFFICER, PROVINCE, ADMINISTRATOR = "canbo.xa@example.vn", "canbo.tinh@example.vn", "quantri@example.vn"


def environment(folder: Path, database_url: str = "", address: str = "") -> dict[str, str]:
    """Variables of an installation in a folder; nothing of ours is inherited."""
    own = {"MARKETPLACE_INSTANCE": str(folder), "MARKETPLACE_DATABASE_URL": database_url}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARKETPLACE_")}
    return kept | own | ({"MARKETPLACE_PUBLIC_URL": address} if address else {})


def flask(variables: Mapping[str, str], *arguments: str) -> str:
    """Run a `flask` command; what it says."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(variables), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"flask {' '.join(arguments)}: {done.stderr[-2000:]}")
    return done.stdout


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, database_url: str = "", threads: int = 4) -> Iterator[str]:
    """The address of a gunicorn that serves an installation."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    bind = ["--workers", "1", "--threads", str(threads), "--bind", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "gunicorn", *bind, "--log-level", "warning", "tests.bench.unlimited:app"]
    with (folder / "server.log").open("wb") as log:
        variables = environment(folder, database_url, address)
        running = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        running.terminate()
        running.wait(20)


def wait_for(url: str) -> None:
    """Until it answers; half a minute at the most."""
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer")


class Browser:
    """Keeps a connection and cookies, fills forms; no more than writing needs."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self.connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.last = 0.0

    def ask(
        self, method: str, path: str, form: Mapping[str, str | list[str]] | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        """One request; redirects are not followed. The body is read into `.content`."""
        body = urlencode(form, doseq=True) if form is not None else None
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self.last > IDLE:
            self.connection.close()  # opens itself again; the server gives idle connections up after two seconds
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        answer.content = answer.read()  # type: ignore[attr-defined]
        self.last = time.monotonic()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def read(self, path: str) -> str:
        """The text of a page that must be there."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return str(answer.content.decode())  # type: ignore[attr-defined]

    def sign_in(self, identity: str) -> None:
        """By the form, as a person does."""
        form = form_of(self.read("/login"), "identity") | {"identity": identity, "passcode": PASSWORD}
        answer = self.ask("POST", "/login", form)
        if answer.status not in (302, 303):
            raise RuntimeError(f"sign-in of {identity}: {answer.status}")


def form_of(page: str, field: str) -> dict[str, str | list[str]]:
    """What the form that has this field would send if nothing were changed."""
    form = next(each for each in re.findall(r"<form\b.*?</form>", page, re.S) if f'name="{field}"' in each)
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        facts = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        ticked = facts.get("type") not in ("checkbox", "radio") or re.search(r"\bchecked\b", tag)
        if "name" in facts and facts.get("type") not in ("submit", "file") and ticked:
            found[facts["name"]] = unescape(facts.get("value", ""))
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(text).lstrip("\r\n")
    for tag, options in re.findall(r"<select\b([^>]*)>(.*?)</select>", form, re.S):
        chosen = re.search(r'<option\b(?=[^>]*\bselected\b)[^>]*\bvalue="([^"]*)"', options)
        name = re.search(r'\bname="([^"]*)"', tag)
        if name:
            found[name[1]] = unescape(chosen[1]) if chosen else ""
    return found
