"""What the assistant can do: custom actions that ask ticketing and answer with talk-track names and slots."""
