"""A replay as lines of text, for a terminal."""

from collections.abc import Iterator
from typing import Any

from ticketing.replay import labels


def lines(shown: dict[str, Any]) -> Iterator[str]:
    about = shown["conversation"]
    caller, opened = about["caller"] or "—", labels.when(about["opened"])
    yield f"对话 {about['id']}  渠道 {about['channel']}  来电 {caller}  开始 {opened}"
    for step in shown["steps"]:
        yield ""
        yield from _step(step)
    for each in shown["dropped"]:
        yield f"未说出的答复 {each['turn']}：意图 {each['intent']}，判定 {each['decision']}"
    yield from _section("工单", [f"{each['number']} {each['kind']} {each['state']}" for each in shown["orders"]])
    yield from _section(
        "查看个人信息", [f"{labels.when(each['at'])} {each['actor']} {each['kind']}" for each in shown["looks"]]
    )
    yield from _section(
        "质检",
        [f"{each['agent']} {each['total']} 分 {each['state']} {each['inspector']}" for each in shown["inspections"]],
    )
    yield from _section(
        "法律保全",
        [
            f"{each['id']} {each['placed_by']} {labels.when(each['placed_at'])}"
            + (f" → {each['lifted_by']} {labels.when(each['lifted_at'])} 解除" if each["lifted_at"] else "")
            for each in shown["holds"]
        ],
    )


def _step(step: dict[str, Any]) -> Iterator[str]:
    who = labels.SPEAKERS[step["speaker"]] + (f" {step['agent']}" if step["agent"] else "")
    sure = labels.share(step["heard"]["confidence"]) if step["heard"] else ""
    yield f"{step['seq']:3} {labels.when(step['at'])} {who}{f'（识别 {sure}）' if sure else ''}：{labels.words(step)}"
    facts = {
        "理解": labels.understood(step),
        "决定": "，".join(f"{each['talk_track']} 第 {each['version']} 版" for each in step["decided"] or []),
        "话术": labels.source(step),
        "规则": labels.rules(step),
        "结果": labels.became(step),
        "用时": labels.took(step["took_ms"]),
        "存证": f"{labels.WORDS[step['proof']['words']]}（第 {step['proof']['position']} 条）"
        if step["proof"]["position"]
        else labels.WORDS[step["proof"]["words"]],
    }
    yield from (f"      {name}  {value}" for name, value in facts.items() if value)


def _section(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield ""
        yield title
        yield from (f"  {each}" for each in rows)
