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
    for a merchant: what happened, why, what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Uncertain(Exception):
    """A write was sent and no answer came: it may have happened. Look before repeating."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
