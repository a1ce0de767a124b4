"""`python -m bot.engine.serve`: Rasa behind our channel, with human time-outs, answering only once it is warm."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any, List, Optional

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a sentence is too short to share between threads

from bot.engine.config import (
    ACTION_TIMEOUT_S,
    RESPONSE_TIMEOUT_S,
    EngineError,
    Settings,
    publish,
    read_settings,
)
from bot.engine.models import MODELS, ROOT, newest_model

WARM_UP = "你好"


def chosen_model(given: Optional[Path], models: Path = MODELS) -> Path:
    """The model to serve: the one given, or the newest. Raises EngineError in words."""
    model = newest_model(given) if given is not None and given.is_dir() else given or newest_model(models)
    if model is None or not model.exists():
        raise EngineError(
            f"no model at {given or models}: run `uv run --project bot/engine python -m bot.engine.train`"
        )
    return model


def build_app(settings: Settings, model: Path) -> Any:
    """Rasa's Sanic app with our channel; the model loads and warms before the port opens."""
    from rasa.core.run import close_resources, configure_app, create_http_input_channels
    from rasa.core.utils import AvailableEndpoints

    from bot.engine import speed
    from bot.engine.action_failures import watch_remote_actions

    speed.install()
    watch_remote_actions(timeout_s=ACTION_TIMEOUT_S)
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    app = configure_app(
        create_http_input_channels(None, str(ROOT / "credentials.yml")),
        auth_token=settings.token,
        enable_api=True,
        response_timeout=RESPONSE_TIMEOUT_S,
        port=settings.port,
        endpoints=endpoints,
    )
    app.register_listener(partial(load_warm, str(model), endpoints), "before_server_start")
    app.register_listener(close_resources, "after_server_stop")
    return app


async def load_warm(model: str, endpoints: Any, app: Any, loop: Any) -> None:
    """Load the model and parse once: the first parse takes over a second, and no caller should pay it."""
    from rasa.core.agent import load_agent
    from rasa.core.tracker_store import FailSafeTrackerStore

    from bot.engine.lock_store import FairLockStore
    from bot.engine.speed.lookback import lookback_of
    from bot.engine.tracker_store import EncryptedTrackerStore

    agent = await load_agent(model_path=model, endpoints=endpoints, loop=loop)
    if not agent.is_ready():
        raise EngineError(f"the model {model} could not be loaded; train again with --force")
    store = agent.tracker_store
    inner = store._tracker_store if isinstance(store, FailSafeTrackerStore) else store
    if not isinstance(inner, EncryptedTrackerStore):  # Rasa falls back to memory with only a warning
        raise EngineError("the encrypted tracker store could not be set up")
    if not isinstance(agent.lock_store, FairLockStore):
        raise EngineError("endpoints.yml must name bot.engine.lock_store.FairLockStore as its lock_store")
    trust_only(agent, inner)
    inner.lookback = lookback_of(agent.processor)
    await agent.parse_message(WARM_UP)
    gc.collect()
    gc.freeze()  # the model's million objects never die: a full collection that walks them stops a turn for 0.1 s
    app.ctx.agent = agent
    logging.getLogger(__name__).warning("engine.ready model=%s", Path(model).name)


def trust_only(agent: Any, store: Any) -> None:
    """Take Rasa's wrapper off its tracker store: what cannot be saved it keeps in memory, and says that all is well."""
    agent.tracker_store = agent.processor.tracker_store = store


def quiet_logs() -> None:
    """Below warning Rasa logs what customers said; it never may."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    os.environ["LOG_LEVEL"] = "WARNING"
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.serve", description=__doc__)
    parser.add_argument("--model", type=Path, default=None, help="a model file or a folder of models")
    parser.add_argument("--host", default=None)
    parser.add_argument("--port", type=int, default=None)
    chosen = parser.parse_args(arguments)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    try:
        settings = read_settings(chosen.host, chosen.port)
        model = chosen_model(chosen.model)
        settings.home.mkdir(parents=True, exist_ok=True)
        publish(settings)
    except EngineError as error:
        raise SystemExit(f"engine: {error}") from error
    quiet_logs()
    build_app(settings, model).run(host=settings.host, port=settings.port, workers=1, access_log=False)


if __name__ == "__main__":
    main()
