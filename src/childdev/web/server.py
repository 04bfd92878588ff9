"""Open the data folder, print where to look, and serve."""

from __future__ import annotations

import socket
import sys

import typer
import uvicorn
from fastapi import FastAPI

from childdev.access import accounts, links
from childdev.access.links import Purpose
from childdev.config import Settings
from childdev.errors import StoreError
from childdev.release.build import open_publication
from childdev.store.publication import Publication
from childdev.web.app import create_app
from childdev.web.service import Service


def run(settings: Settings) -> None:
    """Serve until stopped.

    Raises:
        ChilddevError: there is no version that could be served, or the port is taken.
    """
    listening = _listen(settings)
    publication, problem = open_publication(settings)
    try:
        if problem is not None:
            typer.secho(f"{problem}\nThe last good version goes on being served.", err=True, fg="yellow")
        service = Service(settings, publication.version, lambda: publication.model)
        address = f"http://{settings.host}:{listening.getsockname()[1]}"
        if settings.public_url is None:
            service.base_url = address  # the port may have been chosen by the system
        typer.echo(
            f"childdev {service.version} is served on {address}\n"
            f"  pages    {address}/\n"
            f"  REST     {address}/api/v1/\n"
            f"  SPARQL   {address}/sparql\n"
            f"  dumps    {address}/dump/\n"
            "Stop with Ctrl+C."
        )
        if path := _set_up(publication):
            typer.echo(
                "Nobody can manage people here yet. Who opens this link becomes the maintainer (once, within a day):\n"
                f"  {service.base_url}{path}"
            )
        sys.stdout.flush()
        application = create_app(service, publication)
        config = uvicorn.Config(application, log_level="warning", access_log=False, server_header=False)
        _Server(config, application).run(sockets=[listening])
    finally:
        publication.close()


class _Server(uvicorn.Server):
    """A server that ends the live streams of workshops when it stops, instead of waiting for them for ever."""

    def __init__(self, config: uvicorn.Config, application: FastAPI) -> None:
        super().__init__(config)
        self._application = application

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        if (rooms := getattr(self._application.state, "rooms", None)) is not None:
            rooms.stop()
        await super().shutdown(sockets)


def _set_up(publication: Publication) -> str | None:
    """The path of a fresh link for the first account, while there is no account that could invite others."""
    with publication.record.engine.begin() as connection:
        return None if accounts.any_ready(connection) else links.make(connection, Purpose.SET_UP)


def _listen(settings: Settings) -> socket.socket:
    """Take the port first, so that a taken one is told before any work is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # named as TCP, so that asyncio turns off Nagle's delay; else every small answer waits 40 ms
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as e:
        raise StoreError(
            f"Port {settings.port} on {settings.host} can't be had ({e.strerror}). Choose another with --port."
        ) from e
    return listening
