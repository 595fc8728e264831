"""A real Chromium without a window, driven by Playwright, that notes what it asks for and complains about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Page, async_playwright

FLAGS = ("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync")
DESKTOP, PHONE = (1280, 900), (390, 844)
"""Widths and heights of windows, in CSS pixels."""
ANSWER_MS = 30_000


class Browser:
    """One window with one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        """Whom the page or one of its workers has asked for something."""
        self.complaints: list[str] = []
        """Errors in scripts, and what the content security policy kept from happening."""
        page.set_default_timeout(ANSWER_MS)
        page.context.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def _note(self, address: str) -> None:
        host = urlsplit(address).hostname
        if host:
            self.hosts.add(host)


@asynccontextmanager
async def chromium(size: tuple[int, int] = DESKTOP) -> AsyncIterator[Browser]:
    """A browser that has kept nothing from before; it has ended afterwards."""
    async with async_playwright() as playwright:
        program = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        try:
            width, height = size
            yield Browser(await program.new_page(viewport={"width": width, "height": height}))
        finally:
            await program.close()
