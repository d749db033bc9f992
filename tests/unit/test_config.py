"""Settings: read once, and every refusal names the variable and the fix."""

from base64 import urlsafe_b64encode
from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Config, ConfigError
from app.mail_server import server_at

KEY, OLDER_KEY = (urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"o"))
REQUIRED = {
    "APP_URL": "https://tagdock.example.com",
    "SECRET_KEY": "sixteen characters",
    "SHOPIFY_API_KEY": "client-id",
    "SHOPIFY_API_SECRET": "client-secret",
    "ENCRYPTION_KEYS": KEY,
}
SANDBOX = {**REQUIRED, "TAGDOCK_ENV": "sandbox"}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as raised:
        Config.from_env(environ)
    return str(raised.value)


def test_defaults() -> None:
    config = Config.from_env(REQUIRED)
    assert config.app_url == "https://tagdock.example.com"
    assert config.encryption_keys == (KEY,)
    assert config.database_url == "sqlite:///instance/tagdock.db"
    assert config.redis_url == "redis://127.0.0.1:6379/0"
    assert config.shopify_api_version == "2026-10"
    assert (config.tag_prefix, config.brand) == ("wms", "Tagdock")
    assert config.wms_allowed_hosts == frozenset()
    assert (config.operator_token, config.tagdock_env) == ("", "production")
    assert (config.shopify_origin, config.shopify_cdn) == ("", "")
    assert not config.sandbox
    assert config.shopify_secrets == ("client-secret",)


def test_every_setting_can_be_given() -> None:
    given_values = {
        **SANDBOX,
        "APP_URL": "http://127.0.0.1:5000/",
        "ENCRYPTION_KEYS": f" {KEY} , {OLDER_KEY},",
        "DATABASE_URL": "postgres://user:word@db.example/tagdock",
        "REDIS_URL": "redis://cache.example:6380/1",
        "SHOPIFY_OLD_API_SECRET": "older-secret",
        "SHOPIFY_API_VERSION": "2027-01",
        "TAG_PREFIX": "acme",
        "BRAND": "Acme Sync",
        "WMS_ALLOWED_HOSTS": "WMS.local, 10.0.0.5",
        "OPERATOR_TOKEN": "open sesame, please",
        "SMTP_URL": "smtp://user:pass@mail.example:2525?starttls=1",
        "MAIL_FROM": "Acme <alerts@acme.example>",
        "SHOPIFY_ORIGIN": "http://127.0.0.1:4010/",
        "SHOPIFY_CDN": "http://127.0.0.1:4010/cdn",
    }
    assert set(given_values) == {field.name.upper() for field in fields(Config)}
    config = Config.from_env(given_values)
    assert config.app_url == "http://127.0.0.1:5000"
    assert config.encryption_keys == (KEY, OLDER_KEY)
    assert config.database_url == "postgresql+psycopg://user:word@db.example/tagdock"
    assert config.shopify_secrets == ("client-secret", "older-secret")
    assert config.wms_allowed_hosts == {"wms.local", "10.0.0.5"}
    assert config.shopify_origin == "http://127.0.0.1:4010"
    assert config.sandbox


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////srv/tagdock.db", "sqlite:////srv/tagdock.db"),
    ],
)
def test_databases_get_the_driver_there_is(address: str, expected: str) -> None:
    assert Config.from_env({**REQUIRED, "DATABASE_URL": address}).database_url == expected


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("absent", ["missing", "empty"])
def test_a_missing_setting_is_named_with_what_it_is(name: str, absent: str) -> None:
    environ = {key: value for key, value in REQUIRED.items() if key != name}
    if absent == "empty":
        environ[name] = ""
    sentence = refusal(environ)
    assert sentence.startswith(f"{name} is not set. ")
    assert sentence.endswith(".")
    assert len(sentence) > len(name) + 20


@pytest.mark.parametrize("name", [field.name.upper() for field in fields(Config)])
def test_an_empty_setting_counts_as_not_set(name: str) -> None:
    if name not in REQUIRED:
        assert Config.from_env({**REQUIRED, name: ""}) == Config.from_env(REQUIRED)


@pytest.mark.parametrize(
    ("unknown", "suggestion"),
    [
        ("SHOPIFY_API_SECRETS", "SHOPIFY_API_SECRET"),
        ("SHOPIFY_API_VERSON", "SHOPIFY_API_VERSION"),
        ("WMS_ALLOWED_HOST", "WMS_ALLOWED_HOSTS"),
        ("ENCRYPTION_KEY", "ENCRYPTION_KEYS"),
        ("OPERATOR_TOKENS", "OPERATOR_TOKEN"),
        ("TAGDOCK_ENVIRONMENT", "TAGDOCK_ENV"),
        ("TAG_PREFX", "TAG_PREFIX"),
        ("SMTP_URI", "SMTP_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("REDIS_UR", "REDIS_URL"),
        ("MAIL_FORM", "MAIL_FROM"),
        ("BRND", "BRAND"),
    ],
)
def test_an_unknown_setting_is_refused_with_a_suggestion(unknown: str, suggestion: str) -> None:
    sentence = refusal({**REQUIRED, unknown: "x"})
    assert sentence == f"{unknown} is not a setting of Tagdock. Did you mean {suggestion}?"


def test_a_misspelt_required_setting_is_named_beside_what_is_missing() -> None:
    given = {key: value for key, value in REQUIRED.items() if key != "APP_URL"}
    told = refusal({**given, "APPURL": "https://tagdock.example.com"}).splitlines()
    assert told[0] == "APPURL is not a setting of Tagdock. Did you mean APP_URL?"
    assert told[1].startswith("APP_URL is not set. ")


def test_all_that_is_missing_unknown_or_wrong_is_named_at_once() -> None:
    given = {"APP_URL": "http://x", "SECRET_KEY": "short", "ENCRYPTION_KEYS": KEY, "WMS_TOKN": "x"}
    named = [line.partition(" ")[0] for line in refusal(given).splitlines()]
    assert named == ["WMS_TOKN", "SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "APP_URL", "SECRET_KEY"]
    assert len(refusal({}).splitlines()) == len(REQUIRED)


@pytest.mark.parametrize(
    "host",
    ["wms", "WMS.local:8443", "10.0.0.5", "[fd00::5]:8443", "[fd00::5]", "fd00::5", "under_score"],
)
def test_hosts_are_named_as_an_address_has_them(host: str) -> None:
    config = Config.from_env({**REQUIRED, "WMS_ALLOWED_HOSTS": f"{host}, "})
    assert config.wms_allowed_hosts == {host.lower()}


def test_an_unknown_setting_like_none_is_refused_with_the_way_out() -> None:
    sentence = refusal({**REQUIRED, "WMS_ZZZZZZZZZZZZZZZZZZZ": "x"})
    assert "WMS_ZZZZZZZZZZZZZZZZZZZ is not a setting of Tagdock." in sentence
    assert "docs/configuration.md" in sentence


def test_other_programs_variables_are_left_alone() -> None:
    others = {"PATH": "/bin", "SHOPIFY_CLI_TTY": "0", "SHOPIFY_FLAG_PATH": ".", "HOME": "/"}
    assert Config.from_env({**REQUIRED, **others}) == Config.from_env(REQUIRED)


def test_the_token_that_wms_check_reads_is_left_alone() -> None:
    assert Config.from_env({**REQUIRED, "WMS_TOKEN": "x"}) == Config.from_env(REQUIRED)
    assert "WMS_TOKENS is not a setting" in refusal({**REQUIRED, "WMS_TOKENS": "x"})


@pytest.mark.parametrize(
    "name",
    [
        *("REDIS_HOST", "REDIS_PORT", "REDIS_TLS_URL", "REDIS_URL_2", "RQ_REDIS_URL"),
        *("DATABASE_URL_UNPOOLED", "DATABASE_HOST", "TEST_DATABASE_URL", "PGHOST", "PGUSER"),
        *("API_URL", "APP_NAME", "APP_ENV", "APP_URL_INTERNAL", "SECRET_KEY_BASE", "BRANCH"),
        *("MAIL_HOST", "MAIL_FROM_NAME", "SMTP_HOST", "SMTP_USER", "TAG", "PORT", "SECRET"),
    ],
)
def test_platforms_variables_are_left_alone(name: str) -> None:
    assert Config.from_env({**REQUIRED, name: "x"}) == Config.from_env(REQUIRED)


def test_what_resembles_a_setting_that_is_given_is_somebody_elses() -> None:
    given = {**REQUIRED, "DATABASE_URL": "postgresql://h/d"}
    assert Config.from_env({**given, "DATABASE_URI": "x"}) == Config.from_env(given)


@pytest.mark.parametrize("name", REQUIRED)
def test_spaces_around_a_value_do_not_count(name: str) -> None:
    spaced = {**REQUIRED, name: f"  {REQUIRED[name]}\n"}
    assert Config.from_env(spaced) == Config.from_env(REQUIRED)
    assert refusal({**REQUIRED, name: "   "}).startswith(f"{name} is not set. ")


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("APP_URL", "http://tagdock.example.com", "https"),
        ("APP_URL", "tagdock.example.com", "https"),
        ("APP_URL", "https://", "https"),
        ("APP_URL", "https://tagdock.example.com/app", "without a path"),
        ("APP_URL", "https://tagdock.example.com?x=1", "without a path"),
        ("APP_URL", "https://tagdock.example.com?", "without a path"),
        ("APP_URL", "https://tagdock.example.com#x", "without a path"),
        ("APP_URL", "https://user:word@tagdock.example.com", "without a path"),
        ("APP_URL", "https://tagdock.example.com:abc", "without a path"),
        ("APP_URL", "https://tagdock.example.com:", "without a path"),
        ("APP_URL", "https://tagdock.example.com:70000", "without a path"),
        ("APP_URL", "https://tag dock.example.com", "without a path"),
        ("APP_URL", "https://[::1", "without a path"),
        ("SECRET_KEY", "short", "16 random characters"),
        ("OPERATOR_TOKEN", "x", "16 random characters"),
        ("OPERATOR_TOKEN", "x" * 15, "16 random characters"),
        ("WMS_ALLOWED_HOSTS", "wms.local,http://x", "has http://x, which no host is called"),
        ("WMS_ALLOWED_HOSTS", "http://x,,*", "has *, http://x, which no host is called"),
        ("WMS_ALLOWED_HOSTS", "*.local", "which no host is called"),
        ("WMS_ALLOWED_HOSTS", "wms.local/tagdock", "which no host is called"),
        ("WMS_ALLOWED_HOSTS", "10.0.0.0/8", "which no host is called"),
        ("WMS_ALLOWED_HOSTS", "wms.local:", "which no host is called"),
        ("ENCRYPTION_KEYS", "not a key", "url-safe base64"),
        ("ENCRYPTION_KEYS", f"{KEY},nor this", "url-safe base64"),
        ("ENCRYPTION_KEYS", " , ", "url-safe base64"),
        ("ENCRYPTION_KEYS", "ü" * 44, "url-safe base64"),
        ("DATABASE_URL", "mysql://host/tagdock", "PostgreSQL or SQLite"),
        ("DATABASE_URL", "postgresql://u@h:abc/x", "PostgreSQL or SQLite"),
        ("DATABASE_URL", "postgresql://u@h:70000/x", "PostgreSQL or SQLite"),
        ("DATABASE_URL", "postgresql+psycopg2://u@h/x", "PostgreSQL or SQLite"),
        ("DATABASE_URL", "postgresql://u:p@ss@h/x", "percent-encode"),
        ("DATABASE_URL", "sqlite://relative.db", "sqlite:////srv/tagdock.db"),
        ("DATABASE_URL", "sqlite://", "sqlite:////srv/tagdock.db"),
        ("DATABASE_URL", "tagdock", "PostgreSQL or SQLite"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("REDIS_URL", "redis://", "redis://"),
        ("REDIS_URL", "redis://h:abc/0", "redis://"),
        ("REDIS_URL", "redis://h:6379/abc", "redis://"),
        ("REDIS_URL", "redis://h:6379/0/1", "redis://"),
        ("REDIS_URL", "redis://h/0?db=x", "redis://"),
        ("REDIS_URL", "redis://h/0?unknown=1", "redis://"),
        ("REDIS_URL", "redis://:pass#word@h/0", "percent-encode"),
        ("TAG_PREFIX", "w m s", "1 to 32 letters"),
        ("TAG_PREFIX", "w,ms", "1 to 32 letters"),
        ("TAG_PREFIX", "-wms", "1 to 32 letters"),
        ("TAG_PREFIX", "w" * 33, "1 to 32 letters"),
        ("SHOPIFY_API_VERSION", "latest", "2026-10"),
        ("SHOPIFY_API_VERSION", "2026-1", "2026-10"),
        ("SMTP_URL", "mail.example:587", "smtps://"),
        ("SMTP_URL", "http://mail.example", "smtps://"),
        ("SMTP_URL", "smtp://", "smtps://"),
        ("SMTP_URL", "smtp://mail.example:99999", "smtps://"),
        ("SMTP_URL", "smtp://mail.example/inbox", "smtps://"),
        ("SMTP_URL", "smtp://mail.example?starttls=maybe", "smtps://"),
        ("SMTP_URL", "smtp://mail.example?start_tls=1", "smtps://"),
        ("SMTP_URL", "smtps://user@mail.example", "smtps://"),
        ("SMTP_URL", "smtps://user:pass#word@mail.example", "percent-encode"),
        ("SMTP_URL", "smtps://user:pässword@mail.example", "percent-encode"),
        ("SMTP_URL", "smtp://user:word@mail.example", "in the clear"),
        ("MAIL_FROM", "alerts@acme.example", "SMTP_URL go together"),
        ("TAGDOCK_ENV", "staging", "production or sandbox"),
        ("SHOPIFY_ORIGIN", "http://127.0.0.1:4010", "TAGDOCK_ENV=sandbox"),
        ("SHOPIFY_CDN", "http://127.0.0.1:4010/cdn", "TAGDOCK_ENV=sandbox"),
    ],
)
def test_a_wrong_setting_is_named_with_the_fix(name: str, value: str, fix: str) -> None:
    sentence = refusal({**REQUIRED, name: value})
    assert sentence.startswith(name)
    assert fix in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("APP_URL", "https://tagdock.example.com:8443"),
        ("APP_URL", "https://[fd00::5]:8443"),
        ("DATABASE_URL", "postgresql+psycopg:///tagdock?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql+psycopg://u:p%40ss@[::1]:5432/tagdock?sslmode=require"),
        ("DATABASE_URL", "sqlite:///instance/other.db"),
        ("REDIS_URL", "redis://cache"),
        ("REDIS_URL", "rediss://:word@cache.example:6380/3?ssl_cert_reqs=none"),
        ("REDIS_URL", "redis://user:p%40ss@[::1]:6379/"),
    ],
)
def test_addresses_may_have_what_belongs_to_them(name: str, address: str) -> None:
    assert getattr(Config.from_env({**REQUIRED, name: address}), name.lower()) == address


@pytest.mark.parametrize(
    ("name", "address"), [("SHOPIFY_ORIGIN", "http://h:abc"), ("SHOPIFY_CDN", "127.0.0.1/cdn")]
)
def test_the_stand_ins_addresses_are_looked_at_too(name: str, address: str) -> None:
    assert refusal({**SANDBOX, name: address}).startswith(f"{name} must be an address")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "none", "", "")),
        ("smtp://mail.example/?starttls=0", ("mail.example", 25, "none", "", "")),
        ("smtp://mail.example?starttls=1", ("mail.example", 587, "starttls", "", "")),
        ("smtps://mail.example", ("mail.example", 465, "tls", "", "")),
        ("smtp://u:w@127.0.0.1:1025", ("127.0.0.1", 1025, "none", "u", "w")),
        (
            "smtps://u%40x:p%23%2F%40w@mail.example:4650",
            ("mail.example", 4650, "tls", "u@x", "p#/@w"),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(address: str, expected: tuple[object, ...]) -> None:
    config = Config.from_env({**REQUIRED, "SMTP_URL": address, "MAIL_FROM": "a@tagdock.example"})
    server = server_at(config.smtp_url)
    assert server is not None
    assert (server.host, server.port, server.security, server.user, server.password) == expected
    assert config.sends_mail
    assert not Config.from_env(REQUIRED).sends_mail


@pytest.mark.parametrize(
    "sender", ["", "nobody", "a@b@c", "a@b\r\nBcc: c@d.example", "a@b.example, c@d.example", "<>"]
)
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    environ = {**REQUIRED, "SMTP_URL": "smtp://127.0.0.1", "MAIL_FROM": sender}
    assert refusal(environ).startswith("MAIL_FROM")


@pytest.mark.parametrize(
    "url", ["smtp://u:hunter2@mail.example", "smtps://u:hunter2@mail.example/x"]
)
def test_a_refused_mail_server_does_not_show_its_password(url: str) -> None:
    assert "hunter2" not in refusal({**REQUIRED, "SMTP_URL": url, "MAIL_FROM": "a@b.example"})


@pytest.mark.parametrize("name", ["SHOPIFY_ORIGIN", "SHOPIFY_CDN"])
@pytest.mark.parametrize("environment", ["", "production"])
def test_the_sandboxs_settings_need_the_sandbox(name: str, environment: str) -> None:
    address = "http://127.0.0.1:4010"
    assert refusal({**REQUIRED, "TAGDOCK_ENV": environment, name: address}).startswith(name)
    assert Config.from_env({**SANDBOX, name: address}).sandbox


def test_the_longest_prefix_still_fits_a_shopify_tag() -> None:
    config = Config.from_env({**REQUIRED, "TAG_PREFIX": "w" * 32})
    assert len(f"{config.tag_prefix}-no-sync") <= 40


def test_settings_do_not_change_and_do_not_show_secrets() -> None:
    mail = {"SMTP_URL": "smtps://u:hunter2@mail.example", "MAIL_FROM": "a@tagdock.example"}
    config = Config.from_env({**REQUIRED, "OPERATOR_TOKEN": "open sesame, please", **mail})
    with pytest.raises(FrozenInstanceError):
        config.brand = "Other"  # type: ignore[misc]
    shown = repr(config)
    secrets = (
        "sixteen characters",
        "client-secret",
        KEY,
        "open sesame, please",
        "sqlite",
        "hunter2",
    )
    assert [secret for secret in secrets if secret in shown] == []


values = st.text("abcWMS019:/.,-_ #?@=", max_size=40)


@given(st.dictionaries(st.sampled_from(sorted(SANDBOX)), values, max_size=3))
def test_whatever_is_set_either_boots_or_is_refused_by_name(changes: dict[str, str]) -> None:
    sentence = ""
    try:
        Config.from_env({**REQUIRED, **changes})
    except ConfigError as refused:
        sentence = str(refused)
    assert not sentence or any(name in sentence for name in SANDBOX)
