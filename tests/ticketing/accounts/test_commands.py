"""`python -m ticketing.accounts`: accounts from a shell."""

import io
import sys

import pytest

from tests.ticketing.conftest import DATA_KEY
from ticketing.accounts.__main__ import main


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("TICKETING_DATA_KEY", DATA_KEY)
    for name in ("BOT", "ACTIONS", "FRONT_DOOR"):
        monkeypatch.setenv(f"TICKETING_{name}_TOKEN", "x")


def test_an_account_is_made_listed_changed_and_shut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["add", "1009", "李静", "--role", "senior", "--generate"]) == 0
    assert "password: " in capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert main(["password", "1009"]) == 1
    assert "PasswordTooWeak" in capsys.readouterr().err
    assert main(["totp", "1009"]) == 0
    assert capsys.readouterr().out.startswith("otpauth://totp/")
    assert main(["disable", "1009"]) == 0
    assert main(["list"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split("\t") == ["1009", "李静", "senior", "disabled", "code"]
    assert main(["disable", "1010"]) == 1
