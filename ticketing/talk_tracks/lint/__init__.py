"""The lint of words: rules are data (`data/talk_tracks/rules/`), checks are pure, findings name their place."""
