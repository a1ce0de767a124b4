"""The agents' console: a NiceGUI process of its own. It shares no database with ticketing, only its wire."""
