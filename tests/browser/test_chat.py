"""The chat page in a real Chromium: a visitor types, reads, presses buttons, loses the line and comes back."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.config import Settings
from bot.main import app as front_door
from tests.bot.engine_double import EngineDouble
from tests.bot.gate import Gate
from tests.bot.serving import free_port, serving


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which nothing may go wrong silently: an error of its scripts or its policy fails the test."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert problems == []


def type_words(page: Page, words: str) -> None:
    page.get_by_label("输入您要说的话").fill(words)
    page.keyboard.press("Enter")


def test_a_visitor_talks_presses_a_button_and_comes_back(
    page: Page, settings: Settings, gate: Gate, engine: EngineDouble
) -> None:
    port = free_port()
    with serving(front_door(settings, ticketing=gate), port=port) as url:
        page.goto(url)
        expect(page.locator("#machine")).to_contain_text("机器")
        expect(page.locator("#state")).to_contain_text("在线")
        type_words(page, "我家停电了<b>")
        expect(page.locator(".turn.bot .bubble")).to_have_text("您说的是：我家停电了<b>。对吗？")
        expect(page.locator(".turn.bot .bubble")).to_have_attribute("title", "话术 utter_echo@0")
        page.get_by_role("button", name="是的").click()
        expect(page.locator(".turn.bot .bubble")).to_have_count(2)
        expect(page.locator(".turn.customer .bubble").nth(1)).to_have_text("是的")

    expect(page.locator("#state")).to_contain_text("重连")
    type_words(page, "断线时说的话")
    expect(page.locator(".turn.pending")).to_have_count(1)

    with serving(front_door(settings, ticketing=gate), port=port):
        expect(page.locator(".turn.bot .bubble")).to_have_count(3, timeout=20_000)
        expect(page.locator(".turn.customer")).to_have_count(3)
        expect(page.locator(".turn.pending")).to_have_count(0)
        page.reload()
        expect(page.locator(".turn")).to_have_count(6)
    assert [turn["text"] for turn in engine.asked] == ["我家停电了<b>", "是的", "断线时说的话"]


def test_a_person_who_takes_over_is_shown(page: Page, settings: Settings, gate: Gate) -> None:
    with serving(front_door(settings, ticketing=gate)) as url:
        page.goto(url)
        page.get_by_role("button", name="转人工").click()
        expect(page.locator(".turn.bot")).to_have_count(1)
        conversation = page.evaluate("JSON.parse(localStorage['lamplighter.visit']).conversation")
        words = {
            "id": "out-1",
            "conversation": conversation,
            "reply_to": f"web:{conversation}",
            "epoch": 2,
            "speaker": "agent",
            "text": "您好，我是小韦。",
            "control": "agent",
        }
        headers = {"Authorization": "Bearer outgoing-token"}
        assert httpx.post(f"{url}/outgoing", json=words, headers=headers, trust_env=False).status_code == 202
        expect(page.locator(".turn.agent .bubble")).to_have_text("您好，我是小韦。")
        expect(page.locator("#speaker")).to_contain_text("人工坐席")


def test_too_long_words_stay_with_the_visitor(page: Page, settings: Settings, gate: Gate) -> None:
    with serving(front_door(settings, ticketing=gate)) as url:
        page.goto(url)
        expect(page.locator("#state")).to_contain_text("在线")
        type_words(page, "停" * 2100)
        expect(page.locator("#count")).to_have_text("2100 / 2000")
        expect(page.get_by_role("button", name="发送", exact=True)).to_be_disabled()
        assert page.get_by_label("输入您要说的话").input_value() == "停" * 2100


def test_large_type_and_sources_are_remembered(page: Page, settings: Settings, gate: Gate) -> None:
    with serving(front_door(settings, ticketing=gate)) as url:
        page.goto(url)
        type_words(page, "我家停电了")
        page.get_by_role("button", name="大字模式").click()
        page.get_by_role("button", name="显示话术出处").click()
        expect(page.get_by_text("utter_echo@0")).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name="大字模式")).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_text("utter_echo@0")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size({"width": 375, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
