import os
import socket
from pathlib import Path

import pytest

from ops import checks, parts


def test_a_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(checks.NotReady, match=f"Port {port}.*BOT_PORT={port + 1000} make run"):
            checks.port_free("127.0.0.1", port, "BOT_PORT")


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(checks.NotReady, match="LAMPLIGHTER_HOME"):
        checks.data_directory(tmp_path / "var")


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="no /dev/full on this machine")
def test_a_full_disk_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / ".probe").symlink_to("/dev/full")
    with pytest.raises(checks.NotReady, match="No space left"):
        checks.data_directory(tmp_path)


def test_a_broken_configuration_is_named_with_its_line(tmp_path: Path) -> None:
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        (tmp_path / name).write_text("a: 1\n")
    (tmp_path / "domain.yml").write_text("intents:\n  - greet\n responses: {\n")
    with pytest.raises(checks.NotReady, match=r"domain.yml, line 3"):
        checks.yaml_files(tmp_path)


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(checks.NotReady, match=r"config\.yml is missing"):
        checks.yaml_files(tmp_path)


@pytest.mark.parametrize("value", ["0", "65536", "http", ""])
def test_what_is_not_a_port_is_refused_by_name(value: str) -> None:
    with pytest.raises(ValueError, match="BOT_PORT"):
        parts.ports({"BOT_PORT": value})


def test_each_worker_has_a_port_and_the_front_door_knows_them_all() -> None:
    port = parts.ports({"ENGINE_WORKERS": "3", "ENGINE_PORT": "6000", "ENGINE_PORT_3": "6100", "BOT_WORKERS": "2"})
    known = parts.addresses(port, redis_password="x")
    assert known["BOT_ENGINE_URL"] == "http://127.0.0.1:6000,http://127.0.0.1:6001,http://127.0.0.1:6100"
    listed = {part.name: part for part in parts.parts(port, dict.fromkeys(parts.HOSTS, "127.0.0.1"), redis=None)}
    assert [listed[name].port for name in ("engine", "engine-2", "engine-3", "bot", "bot-2")] == [
        6000,
        6001,
        6100,
        8001,
        8002,
    ]
    assert listed["engine-3"].command[-1] == "6100"
    assert listed["bot-2"].host_setting == "BOT_HOST"
    assert set(listed["bot-2"].after) >= {"engine", "engine-2", "engine-3"}


@pytest.mark.parametrize("value", ["0", "17", "two"])
def test_a_senseless_number_of_workers_is_refused_by_name(value: str) -> None:
    with pytest.raises(ValueError, match="ENGINE_WORKERS"):
        parts.ports({"ENGINE_WORKERS": value})
