"""Typed settings from the environment."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED_SECRET = "embedded-only-not-for-production"  # noqa: S105 - refused in production below

DATABASES = ("postgresql://", "postgresql+psycopg://", "postgres://", "sqlite:///")


class SettingsError(RuntimeError):
    """The environment asks for something the application refuses to start with."""


class Settings(BaseSettings):
    """What the operator decides. Every field is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, ignored_types=(cached_property,))

    app_env: Literal["embedded", "production"] = "embedded"
    database_url: str = ""
    instance_path: Path = Field(default=ROOT / "instance")
    secret_key: str = EMBEDDED_SECRET
    public_url: str = ""
    port: int = Field(default=5000, ge=1, le=65535)
    mail_url: str = ""
    mail_from: str = "Commonweave <noreply@localhost>"
    # Mail to reply+…@ this domain is handed to `flask mail receive`; empty: mails cannot be answered by mail.
    mail_reply_domain: str = ""
    # How expensive a password check is; the tests lower it, nothing else should.
    argon2_time_cost: int = 3
    argon2_memory_kib: int = 65536
    # Requests that came through this many trusted proxies carry the reader's address in X-Forwarded-For.
    trusted_proxies: int = Field(default=0, ge=0)
    testing: bool = False
    # A LibreTranslate server for machine translation, for example https://translate.example.org; empty: none.
    translate_url: str = ""
    translate_key: str = ""
    # Where suggestions are looked for: in an index file of this machine, or in PostgreSQL databases (docs/scaling.md).
    match_backend: Literal["index", "postgres"] = "index"
    # The databases of the second: addresses with commas between them, the replicas of each after it: primary|replica.
    match_shards: str = ""
    # Whether addresses on this machine itself may be fetched; only for tests with servers of their own.
    fetch_loopback: bool = False

    @property
    def embedded(self) -> bool:
        """Whether this is the self-contained mode with the sample world, SQLite and mails in a folder."""
        return self.app_env == "embedded"

    @property
    def base_url(self) -> str:
        """The address people reach this site at, without a slash at the end."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def sqlalchemy_url(self) -> str:
        """The database address in SQLAlchemy's form; psycopg 3 for any plain PostgreSQL address."""
        url = self.database_url or f"sqlite:///{self.instance_path / 'commonweave.sqlite3'}"
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    def check(self) -> None:
        """Refuse to start with settings that don't go together, or are unsafe in production; raises `SettingsError`."""
        if self.match_backend == "postgres" and not self.match_shards.strip(" ,|"):
            raise SettingsError("MATCH_BACKEND=postgres: MATCH_SHARDS must name at least one PostgreSQL database")
        if self.database_url and not self.database_url.startswith(DATABASES):
            raise SettingsError("DATABASE_URL must begin with postgresql:// or with sqlite:///")
        if self.mail_url and not _names_mail_server(self.mail_url):
            raise SettingsError(
                "MAIL_URL must look like smtp://user:pass@host:587?tls=starttls, and tls must be starttls, tls or none"
            )
        if self.embedded:
            return
        missing = []
        if self.secret_key == EMBEDDED_SECRET or len(self.secret_key) < 32:
            missing.append("SECRET_KEY must be a random value of at least 32 characters")
        if not self.public_url.startswith("https://"):
            missing.append("PUBLIC_URL must be the https address people reach this site at")
        if not self.database_url:
            missing.append("DATABASE_URL must name the database")
        if not self.mail_url:
            missing.append("MAIL_URL must name the mail server, for example smtp://user:pass@host:587?tls=starttls")
        if self.fetch_loopback:
            missing.append("FETCH_LOOPBACK is only for tests")
        if self.translate_url and not self.translate_url.startswith("https://"):
            missing.append("TRANSLATE_URL must be an https address")
        if missing:
            raise SettingsError("APP_ENV=production: " + "; ".join(missing))


def _names_mail_server(url: str) -> bool:
    """Whether an address of a mail server makes sense: with a slip in ``tls`` the password would go in the open."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    tls = parse_qs(parts.query).get("tls", ["starttls"])
    return parts.scheme == "smtp" and bool(parts.hostname) and set(tls) <= {"starttls", "tls", "none"}


def load_settings() -> Settings:
    """Read the settings from the environment and check them; raises `SettingsError` with one clear line."""
    try:
        settings = Settings()
    except ValidationError as error:
        problems = "; ".join(f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(problems) from None
    settings.check()
    return settings
