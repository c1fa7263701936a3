"""Commands that stay: the production web server and the worker."""

from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import SQLAlchemyError

from lms.commands.access_log import LINE, access_log_of
from lms.commands.slow_clients import FairWorker
from lms.frame.away import is_away, why_not_let_in
from lms.frame.error_reports import start_error_reports
from lms.frame.lines import lines_of
from lms.frame.logs import start_logs
from lms.frame.schema import schema_here
from lms.frame.settings import Settings
from lms.frame.web import db, site
from lms.jobs.worker import forget_queues, make_worker

THREADS = 8
KEEPALIVE_SECONDS = 35
"""Longer than the proxy's, so that it is the proxy that ends an idle connection."""


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


def ready_to_stay() -> Flask:
    """The application of a process that stays: with its log and its reports of errors, on a database that fits.

    A database that is away is waited for: pages say so until it is back. One that does not let us in, or has another
    schema, is told in a sentence, and nothing starts.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    start_logs(site().settings)
    start_error_reports(site().settings)
    if sentence := why_no_mail(site().settings) or why_not_stay():
        raise click.ClickException(sentence)
    return app


def why_no_mail(settings: Settings) -> str:
    """Codes and letters that become files by default are read by nobody: outside a demonstration it must be meant."""
    if settings.is_demo or "LMS_MAIL_URL" in settings.said:
        return ""
    return (
        "LMS_MAIL_URL is not set, so no code and no email would reach anyone. Set it to the mail server, "
        "smtp+starttls://user:password@host:port; or to file:///folder, where files are what you want."
    )


def why_not_stay() -> str:
    """What is wrong with the database, "" for nothing."""
    try:
        with db.engine.connect() as connection:
            return schema_here(connection, lines_of(site().plugins)).why_not
    except SQLAlchemyError as error:
        if not is_away(error):
            raise
        return why_not_let_in(error)


def forget_counts(app: Flask) -> None:
    """A server begins to count at nothing."""
    if (counts := app.extensions.get("lms.metrics")) is not None:
        counts.forget()


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@with_appcontext
def serve(port: int, host: str, workers: int) -> None:
    """Serve the pages with gunicorn until Ctrl-C."""
    app = ready_to_stay()
    forget_counts(app)
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
            "logger_class": access_log_of(site().settings),
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
    app = ready_to_stay()
    click.echo("The worker has started. Ctrl-C stops it.")
    make_worker(app, workers).run()
    click.echo("The worker has stopped.")


COMMANDS = (serve, worker)
