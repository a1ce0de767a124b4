"""Where customers come in: the web chat, the telephone; and where agents' words go out."""
