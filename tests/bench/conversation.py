"""The long conversation of the speed bench: what is said at each turn, and what proves that turn 1 is remembered.

Every third turn runs an action that asks ticketing (halls, prices by tier); the others run one that needs only the
dialogue. Each ten turns a form is opened and left, because real conversations have forms and Rasa treats them apart.
Turns 1-10 and 191-200 are of the same kinds, so that their medians may be compared.
"""

TURNS = 200
FIRST = "户号0602100123450001，我还欠多少电费"
"""Sets the slot `account_number`. Nothing goes to ticketing yet: account and name are only checked together."""
LAST = "我是韦小明，我还欠多少电费"
"""The name alone: only with the account number of turn 1 can the amount be told."""
PROOF = "元"
"""In every answer that tells an amount due, in none that asks who it is."""
ASKS_TICKETING = ("附近的营业厅在哪里", "电价是多少")
FORM = {4: "查上个月电费", 5: "算了不查了", 2: "算了不查了"}
LIGHT = ("谢谢", "你好", "你是机器人吗", "怎么交电费", "你能做什么")


def said(turn: int) -> str:
    """The words of `turn` (from 1)."""
    if turn in (1, TURNS):
        return FIRST if turn == 1 else LAST
    if turn % 3 == 0:
        return ASKS_TICKETING[turn // 3 % len(ASKS_TICKETING)]
    return FORM.get(turn % 10, LIGHT[turn % len(LIGHT)])


def remembers(answer: str) -> bool:
    """Whether the answer to the last turn used what was said at the first."""
    return PROOF in answer
