"""Commands that stay: the production web server and the worker."""

import logging
import re
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from lms.commands.slow_clients import FairWorker
from lms.jobs.worker import forget_queues, make_worker

THREADS = 8
KEEPALIVE_SECONDS = 35
"""Longer than the proxy's, so that it is the proxy that ends an idle connection."""
LINE = "%(t)s %(m)s %(U)s %(s)s %(b)s bytes %(M)s ms"
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,}")


class PlainLogger(Logger):  # type: ignore[misc]
    """Logs what was asked for, never by whom: no address, no query, and no secret that is part of a path."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {**atoms, "U": _SECRET.sub("...", str(atoms.get("U", "")))}


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn around an application that is there already."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.application = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.application


def leave_parents_connections(app: Flask) -> None:
    """In a new process: open databases anew, and leave the parent's connections to the parent."""
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose(close=False)
    forget_queues()


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@with_appcontext
def serve(port: int, host: str, workers: int) -> None:
    """Serve the pages with gunicorn until Ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    Server(
        app,
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": FairWorker,
            "keepalive": KEEPALIVE_SECONDS,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "backlog": 512,
            "threads": THREADS,
            "accesslog": "-",
            "access_log_format": LINE,
            "logger_class": PlainLogger,
            "post_fork": lambda _server, _worker: leave_parents_connections(app),
            "graceful_timeout": 10,
            "control_socket_disable": True,
        },
    ).run()


@click.command("worker")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Threads for mail.")
@with_appcontext
def worker(workers: int) -> None:
    """Carry out jobs, deliver mail and tell other systems facts until Ctrl-C; jobs and facts have a thread each."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo("The worker has started. Ctrl-C stops it.")
    make_worker(app, workers).run()
    click.echo("The worker has stopped.")


COMMANDS = (serve, worker)
