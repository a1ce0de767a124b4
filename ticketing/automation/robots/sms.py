"""The SMS gateway.

    POST {TICKETING_SMS_URL}   Idempotency-Key: WO…:tell_customer   {"to": "139…", "text": "…"}   → {"id": "…"}

The gateway sends a key once, and puts the sender's registered signature (签名) in front of the words.
"""

from ticketing.automation.robots.door import Door, Memory, no_memory


class Sms:
    def __init__(self, url: str, *, memory: Memory = no_memory) -> None:
        self.door = Door(url, setting="TICKETING_SMS_URL", memory=memory)

    def send(self, *, key: str, to: str, text: str) -> str:
        """Returns the gateway's receipt. Raises Business (no such number), Technical."""
        return str(self.door.post("", key=key, content={"to": to, "text": text}).get("id", ""))
