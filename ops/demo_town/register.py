"""The duty register (抢修登记簿): pages and a session, as web applications were twenty years ago. No API, no keys; it
writes a line each time somebody clicks 保存.
"""

from html import escape
from secrets import token_hex
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Cookie, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from ops.demo_town.ledger import Ledger

SYSTEM = "register"
FIELDS = {"order": "工单号", "kind": "类别", "area": "地区", "crew": "班组"}


async def _fields(request: Request) -> dict[str, str]:
    """What a browser's form sends (urlencoded)."""
    return {name: values[-1] for name, values in parse_qs((await request.body()).decode()).items()}


Form = Annotated[dict[str, str], Depends(_fields)]
Session = Annotated[str, Cookie(alias="session")]


def router(ledger: Ledger, *, user: str, password: str) -> APIRouter:
    pages = APIRouter(prefix="/register")
    sessions: set[str] = set()

    def lines(order: str) -> list[dict[str, str]]:
        return [each.content for each in ledger.of(SYSTEM) if each.content["order"] == order]

    @pages.get("/login", response_class=HTMLResponse)
    def login(wrong: bool = False) -> str:
        said = "<p>用户名或密码错误</p>" if wrong else ""
        fields = _input("user", "用户名") + _input("password", "密码", kind="password")
        return _page("登录", f'{said}<form method="post">{fields}<button>登录</button></form>')

    @pages.post("/login")
    def signed_in(form: Form) -> RedirectResponse:
        if (form.get("user"), form.get("password")) != (user, password):
            return RedirectResponse("/register/login?wrong=true", 303)
        session = token_hex(8)
        sessions.add(session)
        answer = RedirectResponse("/register/", 303)
        answer.set_cookie("session", session, httponly=True)
        return answer

    @pages.get("/", response_class=HTMLResponse)
    def home(session: Session = "") -> str:
        return _page("首页", "<p>请选择</p>") if session in sessions else login()

    @pages.get("/search", response_class=HTMLResponse)
    def search(session: Session = "", order: str = "") -> str:
        if session not in sessions:
            return login()
        form = f"<form>{_input('order', '工单号')}<button>查询</button></form>"
        found = "".join(_line(each) for each in lines(order))
        return _page("查询", form + (f"<h2>查询结果</h2><table>{found}</table>" if order else ""))

    @pages.get("/new", response_class=HTMLResponse)
    def new(session: Session = "") -> str:
        if session not in sessions:
            return login()
        fields = "".join(_input(name, label) for name, label in FIELDS.items())
        return _page("新增", f'<form method="post" action="/register/new">{fields}<button>保存</button></form>')

    @pages.post("/new", response_class=HTMLResponse)
    def save(form: Form, session: Session = "") -> str:
        if session not in sessions:
            return login()
        entry = {name: form.get(name, "") for name in FIELDS}
        missing = [FIELDS[name] for name, value in entry.items() if not value.strip()]
        if missing or not entry["order"].startswith("WO"):
            said = f"{'、'.join(missing) or '工单号'}不正确"
            return _page("新增", f'<div data-testid="outcome"><p data-testid="refusal">{said}</p></div>')
        number = f"DJ{sum(1 for _ in ledger.of(SYSTEM)) + 1:06d}"
        line = {**entry, "number": number}
        ledger.happen(SYSTEM, "line", key=number, meaning=entry["order"], content=line)
        return _page("新增", f'<div data-testid="outcome"><table>{_line(line)}</table></div>')

    return pages


def _input(name: str, label: str, *, kind: str = "text") -> str:
    return f'<p><label for="{name}">{label}</label> <input id="{name}" name="{name}" type="{kind}"></p>'


def _line(entry: dict[str, str]) -> str:
    cells = "".join(f"<td>{escape(entry[name])}</td>" for name in FIELDS)
    return f'<tr><td data-testid="register-number">{escape(entry["number"])}</td>{cells}</tr>'


def _page(title: str, body: str) -> str:
    menu = '<nav><a href="/register/search">查询</a> <a href="/register/new">新增</a></nav>' if title != "登录" else ""
    return (
        f"<!doctype html><html lang=zh><meta charset=utf-8><title>{title}</title>"
        f"<body><h1>抢修登记簿（演示）</h1>{menu}{body}</body></html>"
        if title != "登录"
        else f"<!doctype html><html lang=zh><meta charset=utf-8><title>{title}</title><body>{body}</body></html>"
    )
