"""The first answer to an Idempotency-Key, given again for as long as the process lives."""

import hashlib
import threading
from dataclasses import dataclass
from typing import Any

from sandbox.wms.problems import Problem


@dataclass
class Answer:
    """What a key was used for; ``body`` is None while the first request still runs."""

    fingerprint: str
    status: int = 0
    body: dict[str, Any] | None = None


class Answers:
    """Keys of one account and their first answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_key: dict[str, Answer] = {}

    def begin(self, key: str, body: bytes, *, careless: bool = False) -> Answer | None:
        """None when the key is new (it is now taken), else the first answer. ``careless`` takes a
        key for new while its first request still runs.

        Raises Problem 422 for the same key with another body, 409 while the first still runs.
        """
        fingerprint = hashlib.sha256(body).hexdigest()
        with self._lock:
            known = self._by_key.get(key)
            if known is None or (careless and known.body is None):
                self._by_key[key] = Answer(fingerprint)
                return None
        _check_repeat(known, fingerprint)
        return known

    def finish(self, key: str, status: int, body: dict[str, Any]) -> None:
        """Keep the answer of the request that took the key."""
        with self._lock:
            answer = self._by_key[key]
            answer.status, answer.body = status, body

    def forget(self, key: str) -> None:
        """Give the key back: the request failed before it did anything."""
        with self._lock:
            self._by_key.pop(key, None)


def _check_repeat(known: Answer, fingerprint: str) -> None:
    if known.fingerprint != fingerprint:
        raise Problem(
            422, "invalid", "This Idempotency-Key was used with another body. Use a new key."
        )
    if known.body is None:
        raise Problem(
            409,
            "duplicate",
            "A request with this Idempotency-Key is still running. Ask again shortly.",
            headers={"Retry-After": "1"},
        )
