"""Settings of a process, read once from the environment and never changed."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from urllib.parse import SplitResult, urlsplit

from cryptography.fernet import Fernet

from app import mail_server

SANDBOX = "sandbox"
_PREFIXES = ("TAGDOCK_", "SHOPIFY_", "WMS_", "ENCRYPTION_", "OPERATOR_")
# Shopify's own command line shares our prefixes and the environment.
_FOREIGN = re.compile(r"^SHOPIFY_(CLI_|FLAG_|APP_)")


class ConfigError(Exception):
    """A setting is missing, unknown or wrong; the message names the variable and the fix."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting Tagdock has. Field ``x_y`` is environment variable ``X_Y``."""

    app_url: str = field(metadata={"help": "Public https address of the app, without a path."})
    secret_key: str = field(repr=False, metadata={"help": "Random text, 16 characters or more."})
    shopify_api_key: str = field(metadata={"help": "The Shopify app's client id."})
    shopify_api_secret: str = field(repr=False, metadata={"help": "The app's client secret."})
    encryption_keys: tuple[str, ...] = field(
        repr=False,
        metadata={"help": "Fernet keys for stored tokens, comma-separated, newest first."},
    )
    database_url: str = field(
        default="sqlite:///instance/tagdock.db",
        repr=False,
        metadata={"help": "SQLAlchemy address of the database."},
    )
    redis_url: str = field(
        default="redis://127.0.0.1:6379/0",
        repr=False,
        metadata={"help": "Redis or Valkey, for the queue and the shared rate limit."},
    )
    shopify_old_api_secret: str = field(
        default="", repr=False, metadata={"help": "The previous client secret during a rotation."}
    )
    shopify_api_version: str = field(
        default="2026-10", metadata={"help": "Shopify Admin API version."}
    )
    tag_prefix: str = field(
        default="wms", metadata={"help": "Start of the four state tags; at most 32 characters."}
    )
    brand: str = field(default="Tagdock", metadata={"help": "Name shown on the pages."})
    wms_allowed_hosts: frozenset[str] = field(
        default=frozenset(),
        metadata={
            "help": "Hosts exempt from the private-address and https rules, comma-separated."
        },
    )
    operator_token: str = field(
        default="", repr=False, metadata={"help": "Opens the operator page; empty closes it."}
    )
    smtp_url: str = field(
        default="",
        repr=False,
        metadata={
            "help": "Mail server for alerts, `smtp://user:password@host:587?starttls=1` or `smtps://…`;"
            " empty: none by e-mail."
        },
    )
    mail_from: str = field(
        default="", metadata={"help": "Sender of alerts, such as `Tagdock <alerts@example.com>`."}
    )
    tagdock_env: str = field(
        default="production", metadata={"help": "production or sandbox (development only)."}
    )
    shopify_origin: str = field(
        default="", metadata={"help": "Sandbox only: where requests for Shopify go instead."}
    )
    shopify_cdn: str = field(
        default="", metadata={"help": "Sandbox only: where the two page scripts come from."}
    )

    @property
    def sandbox(self) -> bool:
        """Whether this is a development world, not a real shop."""
        return self.tagdock_env == SANDBOX

    @property
    def sends_mail(self) -> bool:
        """Whether alerts can go out by e-mail."""
        return bool(self.smtp_url)

    @property
    def shopify_secrets(self) -> tuple[str, ...]:
        """Client secrets that signatures may be made with, newest first."""
        return tuple(s for s in (self.shopify_api_secret, self.shopify_old_api_secret) if s)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        """Read the settings; raise ConfigError in one sentence naming the variable and the fix."""
        _refuse_unknown(environ)
        values = {
            f.name: environ[f.name.upper()] for f in fields(cls) if environ.get(f.name.upper())
        }
        _require(cls, values)
        config = cls(**{name: _CONVERT.get(name, str)(text) for name, text in values.items()})  # type: ignore[arg-type]
        _check(config)
        return config


def _known() -> set[str]:
    return {f.name.upper() for f in fields(Config)}


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if not name.startswith(_PREFIXES) or name in _known() or _FOREIGN.match(name):
            continue
        near = difflib.get_close_matches(name, sorted(_known()), n=1)
        hint = f"Did you mean {near[0]}?" if near else "Remove it; docs/configuration.md lists all."
        raise ConfigError(f"{name} is not a setting of Tagdock. {hint}")


def _require(cls: type[Config], values: Mapping[str, str]) -> None:
    for name in (
        "app_url",
        "secret_key",
        "shopify_api_key",
        "shopify_api_secret",
        "encryption_keys",
    ):
        if name not in values:
            text = next(f.metadata["help"] for f in fields(cls) if f.name == name)
            raise ConfigError(f"{name.upper()} is not set. {text}")


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _hosts(text: str) -> frozenset[str]:
    return frozenset(host.lower() for host in _split(text))


def _database(text: str) -> str:
    """Name the psycopg 3 driver, which hosting platforms leave out of their addresses."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)


_CONVERT: dict[str, Callable[[str], object]] = {
    "encryption_keys": _split,
    "wms_allowed_hosts": _hosts,
    "database_url": _database,
    "app_url": lambda text: text.rstrip("/"),
    "shopify_origin": lambda text: text.rstrip("/"),
    "shopify_cdn": lambda text: text.rstrip("/"),
}


def _check(config: Config) -> None:
    checks = (
        *_identity_checks(config),
        *_service_checks(config),
        *mail_server.checks(config.smtp_url, config.mail_from),
        *_sandbox_checks(config),
    )
    for ok, sentence in checks:
        if not ok:
            raise ConfigError(sentence)


def _split_url(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _identity_checks(config: Config) -> tuple[tuple[bool, str], ...]:
    url = _split_url(config.app_url)
    secure = url.scheme == "https" or (config.sandbox and url.scheme == "http")
    return (
        (
            secure and bool(url.hostname) and not url.path,
            "APP_URL must be an https address without a path, such as https://tagdock.example.com.",
        ),
        (
            len(config.secret_key) >= 16,
            "SECRET_KEY is too short. Give 16 random characters or more.",
        ),
        (
            all(_is_fernet(key) for key in config.encryption_keys) and bool(config.encryption_keys),
            "ENCRYPTION_KEYS holds something that is no Fernet key: 32 bytes in url-safe base64.",
        ),
        (
            re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", config.tag_prefix) is not None,
            "TAG_PREFIX must be 1 to 32 letters, digits, - or _, so that tags fit Shopify's 40.",
        ),
        (
            re.fullmatch(r"\d{4}-\d{2}", config.shopify_api_version) is not None,
            "SHOPIFY_API_VERSION must look like 2026-10.",
        ),
    )


def _service_checks(config: Config) -> tuple[tuple[bool, str], ...]:
    redis = _split_url(config.redis_url)
    return (
        (
            re.match(r"(postgresql\+psycopg|sqlite)://", config.database_url) is not None,
            "DATABASE_URL must lead to PostgreSQL or SQLite, such as postgresql://user@host/tagdock.",
        ),
        (
            redis.scheme in ("redis", "rediss") and bool(redis.hostname),
            "REDIS_URL must be an address of Redis, such as redis://127.0.0.1:6379/0.",
        ),
    )


def _sandbox_checks(config: Config) -> tuple[tuple[bool, str], ...]:
    return (
        (
            config.tagdock_env in ("production", SANDBOX),
            "TAGDOCK_ENV must be production or sandbox.",
        ),
        (
            config.sandbox or not config.shopify_origin,
            "SHOPIFY_ORIGIN is for development. Remove it, or set TAGDOCK_ENV=sandbox.",
        ),
        (
            config.sandbox or not config.shopify_cdn,
            "SHOPIFY_CDN is for development. Remove it, or set TAGDOCK_ENV=sandbox.",
        ),
    )


def _is_fernet(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
