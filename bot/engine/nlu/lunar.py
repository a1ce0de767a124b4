"""The first day of each lunar month, for callers who count by 正月 and 腊月.

Made with cnlunar 0.2.5 (MIT) for the lunar years 2020 to 2035, leap months left out; a day before the first one of its
row belongs to the next Gregorian year.
"""

from __future__ import annotations

from datetime import date
from typing import Optional

STARTS = {  # lunar year → month and day of the first of its twelve months
    2020: "0125 0223 0324 0423 0621 0721 0819 0917 1017 1115 1215 0113",
    2021: "0212 0313 0412 0512 0610 0710 0808 0907 1006 1105 1204 0103",
    2022: "0201 0303 0401 0501 0530 0629 0729 0827 0926 1025 1124 1223",
    2023: "0122 0220 0420 0519 0618 0718 0816 0915 1015 1113 1213 0111",
    2024: "0210 0310 0409 0508 0606 0706 0804 0903 1003 1101 1201 1231",
    2025: "0129 0228 0329 0428 0527 0625 0823 0922 1021 1120 1220 0119",
    2026: "0217 0319 0417 0517 0615 0714 0813 0911 1010 1109 1209 0108",
    2027: "0206 0308 0407 0506 0605 0704 0802 0901 0930 1029 1128 1228",
    2028: "0126 0225 0326 0425 0524 0722 0820 0919 1018 1116 1216 0115",
    2029: "0213 0315 0414 0513 0612 0711 0810 0908 1008 1106 1205 0104",
    2030: "0203 0304 0403 0502 0601 0701 0730 0829 0927 1027 1125 1225",
    2031: "0123 0221 0323 0521 0620 0719 0818 0917 1016 1115 1214 0113",
    2032: "0211 0312 0410 0509 0608 0707 0806 0905 1004 1103 1203 0101",
    2033: "0131 0301 0331 0429 0528 0627 0726 0825 0923 1023 1122 0120",
    2034: "0219 0320 0419 0518 0616 0716 0814 0913 1012 1111 1211 0109",
    2035: "0208 0310 0408 0508 0606 0705 0804 0902 1001 1031 1130 1229",
}


def month_start(year: int, month: int) -> Optional[date]:
    """The Gregorian day on which a lunar month begins; None outside the table."""
    row = STARTS.get(year)
    if row is None:
        return None
    first, day = row.split()[0], row.split()[month - 1]
    return date(year + (day < first), int(day[:2]), int(day[2:]))


def latest_month(month: int, today: date) -> Optional[date]:
    """The start of the lunar month of that name that began last before or on `today`."""
    starts = [month_start(year, month) for year in (today.year, today.year - 1, today.year - 2)]
    return next((start for start in starts if start is not None and start <= today), None)
