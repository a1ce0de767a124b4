"""The Rasa environment (Python 3.10): understanding and dialogue. Nothing else imports `rasa`."""
