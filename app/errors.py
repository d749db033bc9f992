"""The only errors that cross a layer. Adapters translate everything else into one of these."""


class TryLater(Exception):
    """Nothing happened, or it may safely be repeated: do the same again after a wait.

    ``wait`` is in seconds (the other side's ``Retry-After`` where it gave one, else 0 and the
    engine chooses). ``counts`` is False when the other side is merely pacing us, so that no try is
    used up.
    """

    def __init__(self, message: str, wait: float = 0.0, *, counts: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.wait = wait
        self.counts = counts


class Rejected(Exception):
    """The other side answered, and the answer is no. Repeating the same changes nothing.

    ``code`` is a short machine name (``sku-unknown``, ``token-refused``), ``message`` a sentence
    for a merchant: what happened, why, what to do. ``way`` marks the address and token that were
    used, where the refusal is of those.
    """

    def __init__(self, code: str, message: str, *, way: str = "") -> None:
        super().__init__(message)
        self.code, self.way = code, way
        self.message = message


class Uncertain(Exception):
    """A write was sent and no answer came: it may have happened. Look before repeating.

    ``wait``: the seconds for which the other side wants to be left alone, where it said so.
    """

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.message = message
        self.wait = wait
