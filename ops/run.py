"""`make run`: prepare, start everything in order, tell where it is, keep it up, stop it cleanly."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from ops import checks, gate, secrets
from ops.home import hold
from ops.parts import HOSTS, Part, addresses, chosen, parts, ports, town_addresses
from ops.progress import Progress
from ops.supervision import Supervisor
from ops.welcome import welcome

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    progress = Progress()
    home = Path(os.environ.get("LAMPLIGHTER_HOME", "var")).resolve()
    try:
        environment, listed = prepare(home)
    except (checks.NotReady, ValueError) as error:
        progress.fail(str(error))
        return 2
    supervisor = Supervisor(home / "run", home / "logs")
    stopping = Stopping()
    try:
        run_once("database", [sys.executable, "-m", "ticketing.migrate"], environment, progress)
        run_once("demo town", [sys.executable, "-m", "ticketing.seed"], environment, progress)
        supervisor.start(listed, environment)
        gate.start(listed, supervisor, progress)
        print(welcome(environment, home, seconds=progress.seconds), flush=True)
        gate.watch(listed, supervisor, progress, until=lambda: stopping.asked)
    except (checks.NotReady, gate.NotUp, RuntimeError) as error:
        if not stopping.asked:
            progress.fail(str(error))
            return 1
    except KeyboardInterrupt:
        pass
    finally:
        progress.say("stop", "stopping all parts")
        supervisor.stop()
        progress.say("stop", "all parts have stopped; nothing is lost, `make run` goes on where it was")
    return 0


def prepare(home: Path) -> tuple[dict[str, str], list[Part]]:
    """Check the machine, make the secrets, and work out each part's place. Raises NotReady, ValueError."""
    checks.data_directory(home)
    checks.no_restore_begun(home)
    if hold(home) is None:
        raise checks.NotReady(f"Lamplighter runs on {home} already. Stop that one, or choose another LAMPLIGHTER_HOME.")
    checks.yaml_files(ROOT)
    port = ports(dict(os.environ))
    host = {name: os.environ.get(name, "127.0.0.1") for name in HOSTS}
    made = secrets.ensure(home)
    environment = {"LAMPLIGHTER_DEMO": "true", **made, **addresses(port, redis_password=made["REDIS_PASSWORD"])}
    environment |= town_addresses(port, made)
    environment |= {name: str(number) for name, number in port.items()} | host
    environment |= dict(os.environ) | {"LAMPLIGHTER_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    embedded = None if os.environ.get("REDIS_URL") else str(redis_configuration(home, port["REDIS_PORT"], made))
    listed = parts(port, host, redis=embedded)
    listed = chosen(listed, os.environ.get("LAMPLIGHTER_PARTS", ""))
    for part in (each for each in listed if each.port):
        checks.port_free(host.get(part.host_setting, "127.0.0.1"), part.port, part.port_setting)
    return environment, listed


def redis_configuration(home: Path, port: int, made: dict[str, str]) -> Path:
    """Write redis.conf (0600: it holds the password). Nothing is saved: Redis never has the only copy of anything."""
    file = home / "run" / "redis.conf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass "{made["REDIS_PASSWORD"]}"\nsave ""\nappendonly no\n'
        f"daemonize no\nmaxmemory 128mb\nmaxmemory-policy noeviction\ndir {file.parent}\n"
    )
    return file


def run_once(what: str, command: list[str], environment: dict[str, str], progress: Progress) -> None:
    """Run a preparing step to its end. Raises NotReady with its own words when it fails."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise checks.NotReady((done.stderr.strip() or done.stdout.strip())[-2000:])
    lines = done.stdout.strip().splitlines()
    progress.say(what, lines[-1] if lines else "ready")


class Stopping:
    """Remembers that SIGINT or SIGTERM came, and interrupts what waits."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if not self.asked:
            self.asked = True
            raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
