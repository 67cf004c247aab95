"""Settings from `styrsignal.toml` in the working directory and `STYRSIGNAL_…` in the environment; unknown keys fail."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from analyzer.errors import UsageError

SETTINGS_FILE = Path("styrsignal.toml")


class Settings(BaseSettings):
    """Everything that a site may want otherwise. Every field has a default that works on a closed network."""

    model_config = SettingsConfigDict(env_prefix="STYRSIGNAL_", extra="forbid", toml_file=SETTINGS_FILE, frozen=True)

    database: str = Field("sqlite:///styrsignal.db", description="SQLAlchemy URL, or the path of an SQLite file")
    workers: int = Field(2, ge=1, le=256, description="processes that read files at the same time")
    read_seconds: float = Field(30, gt=0, description="longest time that one file may take to read")
    read_megabytes: int = Field(1024, ge=256, description="memory that the reading of one file may take")
    encoder: Path | None = Field(None, description="folder of another sentence-transformers model")
    second_reader: str = Field(
        "shipped",
        min_length=1,
        description='"shipped", "none", "chat", or the folder of a cross-encoder that reads pairs again',
    )
    second_reader_pairs: int = Field(
        1000,
        ge=0,
        description="this many best candidates of a scan are read again, fewer where less than 400 signals are new",
    )
    chat_address: str | None = Field(
        None, description="OpenAI-compatible address of a chat server on the own network, up to and with /v1"
    )
    chat_model: str | None = Field(None, description="name of the model that the chat server is asked for")
    chat_seconds: float = Field(30, gt=0, description="longest time that the chat model may take for one pair")
    chat_total_seconds: float = Field(900, gt=0, description="longest time that it may take for all pairs of a run")
    chat_pairs: int = Field(200, ge=0, description="most pairs of a run that the chat model is asked about")
    neighbours: int = Field(30, ge=0, description="nearest signals by meaning that become candidates of a signal")
    candidate_prior: float = Field(
        0.004, gt=0, lt=1, description="share of conflicts to expect among the candidates of a scan"
    )
    keep_probability: float = Field(
        0.05, ge=0, le=1, description="candidates at or above this chance of a conflict are stored"
    )
    keep_pairs: int = Field(
        3000,
        ge=0,
        description="this many best candidates are stored whatever their chance; at most five a new signal, or 100",
    )
    two_readers: bool = Field(False, description="each pair wants two independent decisions by different persons")
    reviewer: str = Field("granskare", min_length=1, description="name that decisions carry when nobody logs in")
    access: Literal["open", "local", "header"] = Field(
        "open", description="one person on this machine, local accounts, or a proxy that says who is there"
    )
    trusted_proxies: tuple[str, ...] = Field(
        (), description="addresses or networks of proxies whose headers are believed"
    )
    user_header: str = Field("X-Forwarded-Preferred-Username", min_length=1, description="header that names the person")
    role_header: str = Field("X-Forwarded-Groups", min_length=1, description="header with the person's roles or groups")
    role_groups: dict[str, str] = Field({}, description="group in the role header → role, where they differ")
    session_idle_minutes: int = Field(60, ge=1, description="a session ends when it has not been used for so long")
    session_hours: int = Field(12, ge=1, description="a session ends after so long whatever its use")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before environment before file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@functools.cache
def load_settings() -> Settings:
    """The settings in force.

    Raises:
        UsageError: a key is unknown or a value does not fit; the message names the key.
    """
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"Inställningen {key!r} går inte att använda ({first['msg']}); rätta {SETTINGS_FILE}."
        ) from error
    except ValueError as error:  # broken TOML
        raise UsageError(f"{SETTINGS_FILE} går inte att läsa ({error}); rätta filen.") from error
