"""The desk as the console sees it: what a person with a session reads and does. The rules are `conversations`'."""
