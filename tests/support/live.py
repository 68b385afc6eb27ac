"""A real server on a loopback port for browser tests, and the hand that turns its clock."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from consult.core import clock
from consult.jobs.runner import run_due, tick


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log(self, type: str, message: str, *args: object) -> None:
        return


@dataclass
class Live:
    """The running application: its address, and what the scheduler would do by itself."""

    app: Flask
    server: BaseWSGIServer
    findings: list[str] = field(default_factory=list[str])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def work(self) -> None:
        """Let the scheduler's work be done now: due jobs, and what they enqueue."""
        with self.app.app_context():
            tick()
            run_due()

    def move_to(self, instant: datetime) -> None:
        """Turn the one clock to ``instant`` and let the scheduler notice."""
        clock.move_to(instant)
        self.work()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def serve(app: Flask) -> Live:
    """Start serving ``app`` in threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Live(app, server)
