"""A replay as one HTML page that needs nothing else: no script, no file from elsewhere."""

from html import escape
from pathlib import Path
from string import Template
from typing import Any

from ticketing.replay import labels

PAGE = Template((Path(__file__).with_name("page.html")).read_text(encoding="utf-8"))


def page(shown: dict[str, Any]) -> str:
    about = shown["conversation"]
    return PAGE.substitute(
        id=escape(about["id"]),
        channel=escape(about["channel"]),
        caller=escape(about["caller"] or "—"),
        opened=labels.when(about["opened"]),
        last=labels.when(about["last_activity"]),
        hold='<span class="hold">法律保全中</span>' if any(not each["lifted_at"] for each in shown["holds"]) else "",
        steps="\n".join(_step(step) for step in shown["steps"]),
        orders=_table(
            ["工单", "类型", "状态", "时间"],
            [[each["number"], each["kind"], each["state"], labels.when(each["created"])] for each in shown["orders"]],
        ),
        looks=_table(
            ["时间", "何人", "何事", "链上位置"],
            [[labels.when(e["at"]), e["actor"], e["kind"], str(e["position"] or "—")] for e in shown["looks"]],
        ),
        inspections=_table(
            ["被检人", "得分", "状态", "质检员", "时间"],
            [
                [each["agent"], str(each["total"]), each["state"], each["inspector"], labels.when(each["filled_at"])]
                for each in shown["inspections"]
            ],
        ),
    )


def _step(step: dict[str, Any]) -> str:
    who = labels.SPEAKERS[step["speaker"]] + (f" {step['agent']}" if step["agent"] else "")
    sure = labels.share(step["heard"]["confidence"]) if step["heard"] else ""
    facts = [
        ("理解", labels.understood(step)),
        ("话术", labels.source(step)),
        ("规则", labels.rules(step)),
        ("结果", labels.became(step)),
        ("用时", labels.took(step["took_ms"])),
    ]
    told = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    proof = step["proof"]
    place = f" · 第 {proof['position']} 条" if proof["position"] else ""
    return (
        f'<article class="{step["speaker"]}"><header><b>{escape(who)}</b>'
        f"<time>{labels.when(step['at'])}</time>{f'<span>识别 {sure}</span>' if sure else ''}"
        f'<span class="{proof["words"]}">{labels.WORDS[proof["words"]]}{place}</span></header>'
        f"<p>{escape(labels.words(step))}</p><dl>{told}</dl></article>"
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return '<p class="none">无</p>'
    titles = "".join(f"<th>{each}</th>" for each in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
