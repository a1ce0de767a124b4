"""What makes Rasa quick here without a fork: five patches, and a tracker that remembers what it has worked out.

Rasa 3.6.21 is a finished part, but seven of its habits cost more than all the rest of a turn, and two of them more with
each turn (measured by tests/bench/turns.py and cProfile):

- `RemoteAction` compiles and checks one constant JSON schema at each action, 50 ms. Here once: `action_schema`.
- `Event.resolve_by_type` walks all subclasses of `Event` for each event read. Here a table: `event_types`.
- `DaskGraphRunner.run` plans the same few steps anew for each parse and each prediction, 1 ms. Here once:
  `straight_runner`.
- `Domain.is_empty` builds an empty domain to compare with, at each message, 0.5 ms. Here a look: `empty_domain`.
- `RulePolicy._get_possible_keys` tries every rule twice at each prediction, 0.5 ms. Here those that can fit:
  `quick_rules`.
- The whole history is read, decrypted and replayed four times a turn. `live_store` keeps the trackers of the last
  conversations and reads only what is new.
- All past states are rebuilt at each of some five predictions a turn. `live_tracker` builds those since a checkpoint,
  and as many as a policy of the model can look back at (`lookback`).

Nothing here changes what Rasa decides: tests/engine/speed compares both, state by state, over long conversations.
"""

from bot.engine.speed import action_schema, empty_domain, event_types, quick_rules, straight_runner


def install() -> None:
    """Put the patches in place; a second call changes nothing. Raises EngineError when Rasa is not the one we know."""
    action_schema.install()
    empty_domain.install()
    event_types.install()
    quick_rules.install()
    straight_runner.install()
