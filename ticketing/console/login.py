"""The login page: plain HTML and a form, so that it needs no script. The session's token lives in a cookie that no
script can read and no other site can send."""

from html import escape
from pathlib import Path

import httpx
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ticketing.console import client
from ticketing.console.client import Away, Desk, Refused

COOKIE = "lamplighter_desk"
HOME, PAGE = "/console/", "/console/login"
STYLE = (Path(__file__).parent / "look" / "login.css").read_text(encoding="utf-8")
SAID = {
    "wrong": "工号、口令或动态码不正确",
    "away": "业务系统暂时连不上，请稍后再试",
    "over": "登录已过期，请重新登录",
    "bye": "已安全退出",
}


def install(app: FastAPI, http: httpx.AsyncClient, *, token: str) -> None:
    """`token`: the console's own, with which it asks for logins."""

    @app.get(PAGE, response_class=HTMLResponse)
    async def show(said: str = "", wait: int = 0) -> HTMLResponse:
        return HTMLResponse(page(SAID.get(said, "") if not wait else locked(wait), is_news=said == "bye"))

    @app.post(PAGE)
    async def log_in(
        request: Request, login: str = Form(""), password: str = Form(""), code: str = Form("")
    ) -> Response:
        address = request.headers.get("x-forwarded-for", "")
        given = {"login": login[:200], "password": password[:1000], "code": code[:20], "address": address[:60]}
        try:
            session, seconds = await client.log_in(http, token, given)
        except Refused as refused:
            wait = int(refused.more.get("retry_s", 0))
            return HTMLResponse(page(locked(wait) if wait else SAID["wrong"], login=login), refused.status)
        except Away:
            return HTMLResponse(page(SAID["away"], login=login), 503)
        answer = RedirectResponse(HOME, 303)
        secure = request.headers.get("x-forwarded-proto") == "https"
        answer.set_cookie(
            COOKIE, session, max_age=seconds, path="/console", httponly=True, samesite="strict", secure=secure
        )
        return answer

    @app.post("/console/logout")
    async def log_out(request: Request) -> Response:
        said = "bye"
        try:
            await Desk(http, request.cookies.get(COOKIE, "")).log_out()
        except Refused:
            pass  # it was over already
        except Away:
            said = "away"  # the cookie goes all the same; the session ends by idleness
        answer = RedirectResponse(f"{PAGE}?said={said}", 303)
        answer.delete_cookie(COOKIE, path="/console")
        return answer


def locked(seconds: int) -> str:
    return f"错误次数过多，请在{-(-seconds // 60)}分钟后再试"


def page(said: str, *, login: str = "", is_news: bool = False) -> str:
    note = f'<p class="said{" news" if is_news else ""}" role="alert">{escape(said)}</p>' if said else ""
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 · 点灯人座席台</title><style>{STYLE}</style></head><body><main>
<section class="hello"><div class="lamp" aria-hidden="true"></div><h1>点灯人座席台</h1>
<p>供电客户服务 · 人机协同</p></section>
<form method="post" action="{PAGE}"><h2>坐席登录</h2>{note}
<label>工号<input name="login" value="{escape(login, quote=True)}" autocomplete="username" required autofocus></label>
<label>口令<input name="password" type="password" autocomplete="current-password" required></label>
<label>动态码<input name="code" inputmode="numeric" autocomplete="one-time-code" placeholder="未启用者不填"></label>
<button>登 录</button><p class="hint">连续输错 5 次将锁定 15 分钟；所有登录都会留痕。</p></form></main></body></html>"""
