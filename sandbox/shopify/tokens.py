"""Access tokens and refresh tokens, fixed or expiring and rotating."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

REFRESH_SECONDS = 90 * 24 * 3600


@dataclass(slots=True)
class Token:
    """An access token of one shop; ``expires`` is a clock time or None for a fixed one."""

    text: str
    shop: str
    scopes: frozenset[str]
    expires: float | None


@dataclass(slots=True)
class Refresh:
    """A refresh token. It stays usable until one of its ``successors`` has been used."""

    text: str
    shop: str
    scopes: frozenset[str]
    expires: float
    predecessor: str | None = None
    retired: bool = False


@dataclass(slots=True)
class TokenStore:
    """All tokens of one app. Not locked: the world's lock guards it."""

    clock: Callable[[], float] = time.time
    _tokens: dict[str, Token] = field(default_factory=dict)
    _refresh: dict[str, Refresh] = field(default_factory=dict)

    def issue(self, shop: str, scopes: frozenset[str], seconds: float | None) -> Token:
        """Make an access token that lives some seconds, or for ever."""
        expires = None if seconds is None else self.clock() + seconds
        token = Token(f"shpat_{secrets.token_hex(16)}", shop, scopes, expires)
        self._tokens[token.text] = token
        return token

    def issue_refresh(self, token: Token, predecessor: str | None = None) -> Refresh:
        """Make a refresh token for an access token just issued."""
        text = f"shprt_{secrets.token_hex(16)}"
        expires = self.clock() + REFRESH_SECONDS
        refresh = Refresh(text, token.shop, token.scopes, expires, predecessor)
        self._refresh[text] = refresh
        return refresh

    def use_refresh(self, text: str, shop: str) -> Refresh | None:
        """Return a usable refresh token of a shop, and retire the one it came from; else None."""
        refresh = self._refresh.get(text)
        if refresh is None or refresh.shop != shop:
            return None
        if refresh.retired or refresh.expires <= self.clock():
            return None
        if refresh.predecessor:
            self._refresh[refresh.predecessor].retired = True
        return refresh

    def fixed(self, shop: str, scopes: frozenset[str]) -> Token:
        """Return the shop's non-expiring token with these scopes, the same one every time."""
        for token in self._tokens.values():
            if (token.shop, token.expires, token.scopes) == (shop, None, scopes):
                return token
        return self.issue(shop, scopes, None)

    def valid(self, text: str, shop: str) -> Token | None:
        """Return a live access token of this shop, else None."""
        token = self._tokens.get(text)
        if token is None or token.shop != shop:
            return None
        return token if token.expires is None or token.expires > self.clock() else None

    def narrow(self, shop: str, scopes: frozenset[str]) -> None:
        """Leave a shop's tokens no scope but these."""
        kept: list[Token | Refresh] = [*self._tokens.values(), *self._refresh.values()]
        for one in kept:
            if one.shop == shop:
                one.scopes &= scopes

    def revoke(self, shop: str, refresh: bool = True) -> None:
        """Forget a shop's access tokens, and its refresh tokens unless told otherwise."""
        self._tokens = {key: one for key, one in self._tokens.items() if one.shop != shop}
        if refresh:
            self._refresh = {key: one for key, one in self._refresh.items() if one.shop != shop}
