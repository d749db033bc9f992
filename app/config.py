"""Settings of a process, read once from the environment and never changed."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from cryptography.fernet import Fernet

from app import addresses, allowed_hosts, mail_server

SANDBOX = "sandbox"
_REQUIRED = ("app_url", "secret_key", "shopify_api_key", "shopify_api_secret", "encryption_keys")
_FEWEST = 16
_PREFIXES = ("TAGDOCK_", "SHOPIFY_", "WMS_", "ENCRYPTION_", "OPERATOR_")
# Shopify's own command line shares our prefixes and the environment, and so does `wms-check`, which
# takes the token of the WMS under test from there (app/cli.py).
_FOREIGN = re.compile(r"^SHOPIFY_(CLI_|FLAG_|APP_)|^WMS_TOKEN$")

# How alike two names are of which one is the other misspelt: SMTP_URI is, API_URL is not.
_ALIKE = 0.87
_PLAIN = ("https", "http")
_REMOVE = "Remove it; docs/configuration.md lists all."


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
        default="wms",
        metadata={
            "help": "Start of the four state tags; at most 32 characters. Stays once orders exist."
        },
    )
    brand: str = field(default="Tagdock", metadata={"help": "Name shown on the pages."})
    wms_allowed_hosts: frozenset[str] = field(
        default=frozenset(),
        metadata={
            "help": "Hosts exempt from the private-address and https rules, comma-separated."
        },
    )
    operator_token: str = field(
        default="",
        repr=False,
        metadata={"help": "Opens the operator page, 16 characters or more; empty closes it."},
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
        """Read the settings; raise ConfigError with a line for each that is missing, unknown or
        wrong: it names the variable and the fix."""
        given = {f.name: environ.get(f.name.upper(), "").strip() for f in fields(cls)}
        texts = {name: text for name, text in given.items() if text}
        values = {name: _CONVERT.get(name, str)(text) for name, text in texts.items()}
        missing = [name for name in _REQUIRED if name not in values]
        # What is missing is judged by nobody: its sentence says that it is.
        config = cls(**dict.fromkeys(missing, "") | values)  # type: ignore[arg-type]
        faults = [*_unknown(environ), *_absent(missing), *_wrong(config, missing)]
        if faults:
            raise ConfigError("\n".join(faults))
        return config


def _known() -> set[str]:
    return {f.name.upper() for f in fields(Config)}


def _unknown(environ: Mapping[str, str]) -> Iterator[str]:
    unset = sorted(name for name in _known() if not environ.get(name, "").strip())
    for name in sorted(environ.keys() - _known()):
        ours = name.startswith(_PREFIXES) and not _FOREIGN.match(name)
        if ours or _is_misspelt(name, unset):
            near = difflib.get_close_matches(name, sorted(_known()), n=1)
            hint = f"Did you mean {near[0]}?" if near else _REMOVE
            yield f"{name} is not a setting of Tagdock. {hint}"


def _is_misspelt(name: str, unset: Sequence[str]) -> bool:
    """Whether it is all but the name of a setting that is not set. Platforms add variables of their
    own to those names, such as ``DATABASE_URL_UNPOOLED``."""
    if name.startswith(tuple(f"{known}_" for known in unset)):
        return False
    return bool(difflib.get_close_matches(name, unset, n=1, cutoff=_ALIKE))


def _absent(missing: Sequence[str]) -> Iterator[str]:
    helps = {f.name: f.metadata["help"] for f in fields(Config)}
    return (f"{name.upper()} is not set. {helps[name]}" for name in missing)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _database(text: str) -> str:
    """Name the psycopg 3 driver, which hosting platforms leave out of their addresses."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)


_CONVERT: dict[str, Callable[[str], object]] = {
    "encryption_keys": _split,
    "wms_allowed_hosts": allowed_hosts.read,
    "database_url": _database,
    "app_url": lambda text: text.rstrip("/"),
    "shopify_origin": lambda text: text.rstrip("/"),
    "shopify_cdn": lambda text: text.rstrip("/"),
}


def _wrong(config: Config, missing: Sequence[str]) -> Iterator[str]:
    checks = (
        *_identity_checks(config),
        *addresses.checks(config.database_url, config.redis_url),
        *allowed_hosts.checks(config.wms_allowed_hosts),
        *mail_server.checks(config.smtp_url, config.mail_from),
        *_sandbox_checks(config),
    )
    unset = tuple(f"{name.upper()} " for name in missing)
    return (said for ok, said in checks if not ok and not said.startswith(unset))


def _identity_checks(config: Config) -> tuple[tuple[bool, str], ...]:
    schemes = _PLAIN if config.sandbox else ("https",)
    return (
        (
            addresses.is_site(config.app_url, schemes),
            "APP_URL must be an https address without a path, such as https://tagdock.example.com.",
        ),
        (
            len(config.secret_key) >= _FEWEST,
            "SECRET_KEY is too short. Give 16 random characters or more.",
        ),
        (
            not config.operator_token or len(config.operator_token) >= _FEWEST,
            "OPERATOR_TOKEN is too short. Give 16 random characters or more, or leave it empty.",
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


def _sandbox_checks(config: Config) -> tuple[tuple[bool, str], ...]:
    return (
        (
            config.tagdock_env in ("production", SANDBOX),
            "TAGDOCK_ENV must be production or sandbox.",
        ),
        (
            not config.shopify_origin or addresses.is_site(config.shopify_origin, _PLAIN),
            "SHOPIFY_ORIGIN must be an address without a path, such as http://127.0.0.1:4010.",
        ),
        (
            not config.shopify_cdn or addresses.is_page(config.shopify_cdn, _PLAIN),
            "SHOPIFY_CDN must be an address, such as http://127.0.0.1:4010/cdn.",
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
