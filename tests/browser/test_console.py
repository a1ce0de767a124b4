"""A day at the desk in a real Chromium: an agent by mouse and by keyboard alone, and a supervisor's wall."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.console_desk import CONVERSATION, PASSWORD, DeskTown, running

pytestmark = pytest.mark.timeout(300)
PICTURES = os.environ.get("CONSOLE_PICTURES", "")
"""A folder: pictures of the pages are put there (`docs/images`)."""
SLOW_MS = 30_000


@pytest.fixture
def town(tmp_path: Path) -> Iterator[DeskTown]:
    with running(tmp_path) as town:
        yield town


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(SLOW_MS)
    expect.set_options(timeout=SLOW_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An error of the page's scripts fails the test."""
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    assert problems == []


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(600)
        page.screenshot(path=f"{PICTURES}/console-{name}.png")


def enter(page: Page, town: DeskTown, login: str) -> None:
    page.goto(f"{town.url}/console")
    page.get_by_label("工号").fill(login)
    page.get_by_label("口令").fill(PASSWORD)
    picture(page, "login")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="岗")).to_be_visible()


def a_customer_waits(town: DeskTown) -> None:
    address = "右江区中山二路8号"
    town.says(1, "你好，我家停电了", caller="13907760001")
    town.answers(1, "utter_ask_address", intent="report_outage")
    town.says(2, f"{address}，电话13907760001")
    town.answers(2, "utter_ask_outage_scope", intent="inform", address=address)
    town.says(3, "旁边的配电箱在冒火花！快叫人来")
    town.wishes("配电箱冒火花", reason="hazard")
    other = "web-b2c4d6e8"
    town.says(1, "上个月电费怎么这么高", conversation=other)
    town.answers(1, "utter_ask_account_number", intent="ask_bill", conversation=other)
    town.says(2, "转人工", conversation=other)
    town.wishes("对上月电费有疑问", conversation=other)


def test_an_agents_day_by_mouse(page: Page, town: DeskTown) -> None:
    enter(page, town, "1001")
    expect(page.get_by_text("现在没有客户在等")).to_be_visible()
    a_customer_waits(town)
    row = page.locator(".entry.hazard")
    expect(row).to_contain_text("险情")
    row.click()
    expect(page.locator(".turn.customer")).to_have_count(3)
    expect(page.locator(".turn.bot code").first).to_contain_text("@1")
    expect(page.locator(".turn.bot .fate").first).to_contain_text("已送达")
    page.get_by_role("button", name="接入").click()
    box = page.get_by_label("回复客户")
    expect(box).to_be_visible()
    box.fill("请您马上离开配电箱，至少十米")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    page.reload()
    expect(page.locator(".entry").filter(has_text="未回")).to_be_visible()
    page.locator(".entry").filter(has_text="未回").click()
    expect(box).to_have_value("请您马上离开配电箱，至少十米")
    box.press("Control+Enter")
    expect(page.locator(".turn.agent .bubble")).to_have_text("请您马上离开配电箱，至少十米")
    expect(box).to_have_value("")
    town.says(4, "好，我已经走开了，号码还是13907760001")
    expect(page.locator(".turn.customer")).to_have_count(4)
    page.locator(".turn.customer").nth(3).get_by_role("button", name="显示隐藏的号码").click()
    expect(page.locator(".turn.customer").nth(3)).to_contain_text("13907760001")
    page.get_by_role("button", name="显示来电").click()
    expect(page.locator(".side .field").first).to_contain_text("13907760001")
    page.locator(".bar").get_by_role("button", name="建工单").click()
    page.get_by_label("业务类型").click()
    page.get_by_role("option", name="安全隐患").click()
    page.get_by_label("地址").fill("右江区中山二路8号")
    page.get_by_label("情况说明").fill("配电箱冒火花，客户已撤离")
    picture(page, "order")
    page.get_by_role("button", name="提交工单").click()
    expect(page.locator(".side .order").first).to_contain_text("WO")
    expect(page.locator(".sheet")).to_have_count(0)
    town.delivers()
    expect(page.locator(".turn.agent .fate")).to_contain_text("已送达")
    expect(page.locator(".q-notification")).to_have_count(0)
    picture(page, "desk")
    page.get_by_role("button", name="切换浅色与深色").click()
    picture(page, "dark")
    page.get_by_role("button", name="交回智能客服").click()
    expect(page.locator(".bar")).to_contain_text("智能客服")
    expect(page.locator(".turn.system").last).to_contain_text("智能客服")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("已安全退出")).to_be_visible()
    page.goto(f"{town.url}/console/")
    expect(page.get_by_label("工号")).to_be_visible()


def test_an_agents_day_by_keyboard_alone(page: Page, town: DeskTown) -> None:
    enter(page, town, "1002")
    a_customer_waits(town)
    expect(page.locator(".entry.hazard")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("打开等待最前的一位")).to_be_visible()
    picture(page, "keys")
    page.keyboard.press("Escape")
    expect(page.locator(".sheet")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.customer")).to_have_count(3)
    page.keyboard.press("t")
    expect(page.get_by_label("回复客户")).to_be_focused()
    page.keyboard.type("请马上离开，我们立刻派人")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".turn.agent")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_text("备注（下一位能看到）")).to_be_visible()
    for _ in range(12):
        if page.evaluate("document.activeElement.innerText") == "结束会话":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".bar")).to_contain_text("已结束")


def test_a_supervisor_sees_the_wall_and_moves_a_conversation(
    page: Page, town: DeskTown, context: BrowserContext
) -> None:
    a_customer_waits(town)
    town.post(f"/api/conversations/{CONVERSATION}/take", {"agent": "韦晓岚"}, caller="demo")
    enter(page, town, "9001")
    page.get_by_role("link", name="大屏").click()
    expect(page.locator(".tile").nth(0)).to_contain_text("1 位")
    page.locator(".tile").nth(6).click()
    expect(page.locator(".grid")).to_contain_text("预计恢复")
    picture(page, "wall")
    page.locator(".tile").nth(3).click()
    page.get_by_role("link", name="*******0001").click()
    page.get_by_role("button", name="改派").click()
    page.get_by_role("button", name="黄志强").click()
    expect(page.locator(".bar")).to_contain_text("黄志强")
    agent = context.new_page()
    context.clear_cookies()
    enter(agent, town, "1001")
    agent.goto(f"{town.url}/console/wall")
    expect(agent.get_by_text("您的角色没有这项权限，本次操作已记录")).to_be_visible()
