"""The duty register (抢修登记簿): an old web application without an API. A real browser signs in, searches and types.

The register knows no idempotency key, so the robot looks an order up before it types it in: a kill between the click
and the record leads to a search that finds it. A picture of each page is handed to `see`, also of the one it fails on.
"""

import shutil
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ticketing.automation.errors import Business, NotSetUp, Technical
from ticketing.automation.robots.behind import step_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

PATIENCE_MS = 20_000
"""For each page to do what was clicked."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
type See = Callable[[str, bytes], None]
"""Takes a step's name and its picture (PNG)."""


@dataclass(frozen=True)
class Entry:
    """A line of the register, as people typed it before: labels of the form → values."""

    order: str
    kind: str
    area: str
    crew: str


SEAT = threading.Lock()
"""One browser at a time in a process: it takes a core, and the register has one session a user."""


class LegacyForm:
    def __init__(self, url: str, *, user: str, password: str) -> None:
        self.url = url.rstrip("/")
        self._user, self._password = user, password

    @property
    def is_set_up(self) -> bool:
        return bool(self.url)

    def register(self, entry: Entry, *, see: See) -> str:
        """Enter the order unless it stands there; returns the register's number. Raises Business, Technical."""
        if not self.url:
            raise NotSetUp("TICKETING_LEGACY_URL is not set")
        with SEAT, _browser() as page:
            return self._looked_after(page, entry, see)

    def _looked_after(self, page: "Page", entry: Entry, see: See) -> str:
        from playwright.sync_api import Error  # noqa: PLC0415  (half a second: only where a browser is used)

        try:
            self._sign_in(page, see)
            return self._find(page, entry.order, see) or self._enter(page, entry, see)
        except Error as error:
            if not page.is_closed() and page.url.startswith(self.url):
                see("failed", page.screenshot())
            raise Technical(f"the register's page did not do it: {str(error).splitlines()[0][:120]}") from error

    def _sign_in(self, page: "Page", see: See) -> None:
        page.goto(f"{self.url}/login")
        page.get_by_label("用户名").fill(self._user)
        page.get_by_label("密码").fill(self._password)
        page.get_by_role("button", name="登录").click()
        if page.get_by_text("用户名或密码错误").is_visible():
            raise Technical("the register refuses TICKETING_LEGACY_USER")  # mended by people, then tried again
        page.get_by_text("抢修登记簿").wait_for()
        see("signed_in", page.screenshot())

    def _find(self, page: "Page", order: str, see: See) -> str | None:
        page.get_by_role("link", name="查询").click()
        page.get_by_label("工单号").fill(order)
        page.get_by_role("button", name="查询").click()
        page.get_by_text("查询结果").wait_for()
        see("searched", page.screenshot())
        found = page.get_by_test_id("register-number")
        return found.first.inner_text().strip() if found.count() else None

    def _enter(self, page: "Page", entry: Entry, see: See) -> str:
        page.get_by_role("link", name="新增").click()
        page.get_by_label("工单号").fill(entry.order)
        page.get_by_label("类别").fill(entry.kind)
        page.get_by_label("地区").fill(entry.area)
        page.get_by_label("班组").fill(entry.crew)
        see("filled_in", page.screenshot())
        page.get_by_role("button", name="保存").click()
        page.get_by_test_id("outcome").wait_for()
        see("saved", page.screenshot())
        refusal = page.get_by_test_id("refusal")
        if refusal.count():
            raise Business(f"the register refuses it: {refusal.first.inner_text().strip()[:120]}")
        return page.get_by_test_id("register-number").first.inner_text().strip()


def browser() -> str | None:
    """The browser of this machine, if there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def _browser() -> "Iterator[Page]":
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    path = browser()
    if path is None:
        raise NotSetUp(f"no browser on this machine ({', '.join(BROWSERS)})")
    with sync_playwright() as playwright:
        step_back()
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            page = started.new_page(locale="zh-CN")
            page.set_default_timeout(PATIENCE_MS)
            yield page
        finally:
            started.close()
