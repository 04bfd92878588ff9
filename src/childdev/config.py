"""Settings: from the environment (CHILDDEV_...), with a default for each."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part for part in (p.strip() for p in value.split(",")) if part)


class Settings(BaseSettings):
    """What an installation may set. Sizes are in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="CHILDDEV_", frozen=True)

    data: Path = Field(Path("var"), description="Folder that holds the record, the store and its checkpoints")
    host: str = Field("127.0.0.1", description="Address on which to serve")
    public_url: str | None = Field(
        None, description="Address under which the world sees the server; its own if not set"
    )
    port: int = Field(8000, ge=0, le=65535, description="Port on which to serve")
    model: Path | None = Field(None, description="Folder of the model's Turtle; the packaged model if not set")
    database: str | None = Field(
        None, description="SQLAlchemy address of the record; SQLite in the data folder if not set"
    )

    query_seconds: float = Field(10.0, gt=0, description="Deadline of a public query")
    query_memory: int = Field(1 << 30, gt=0, description="Memory that a public query may add to its process")
    query_rows: int = Field(100_000, gt=0, description="Rows or triples in one answer")
    query_bytes: int = Field(64 << 20, gt=0, description="Size of one answer")
    query_length: int = Field(1 << 20, gt=0, description="Size of one request to the endpoint")
    write_bytes: int = Field(32 << 20, gt=0, description="Size of one update or graph that is written")
    query_workers: int = Field(2, gt=0, description="Public queries that run at once")
    query_queue: int = Field(16, ge=0, description="Public queries that may wait")
    memory_quads: int = Field(
        500_000, ge=0, description="Up to this many quads the public endpoint answers from memory"
    )

    upload_bytes: int = Field(10 << 20, gt=0, description="Size of a filled table that may be sent")
    keep_checkpoints: int = Field(3, ge=1, description="Checkpoints of versions to keep")

    session_hours: float = Field(12.0, gt=0, description="Hours after which one has to sign in again")
    session_idle_hours: float = Field(2.0, gt=0, description="Hours without use after which one has to sign in again")

    oidc_issuer: str | None = Field(None, description="Issuer of an OpenID Connect provider by which one may sign in")
    oidc_client_id: str | None = Field(None, description="Name of this installation at that provider")
    oidc_client_secret: SecretStr | None = Field(None, description="Secret of this installation at that provider")
    oidc_label: str = Field("your organisation", description="What people call that provider: 'Sign in with …'")

    embed_hosts: str = Field(
        "", description="Origins whose pages may show graph views in a frame, such as https://school.example, by commas"
    )

    @field_validator("embed_hosts")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        for origin in _parts(value):
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"'{origin}' is no origin, such as https://school.example or http://localhost:8080")
        return value

    @property
    def embed_origins(self) -> tuple[str, ...]:
        """Who may show graph views in a frame."""
        return _parts(self.embed_hosts)

    @property
    def database_url(self) -> str:
        """Where the record is kept."""
        return self.database or f"sqlite:///{self.data.absolute() / 'record.sqlite'}"
