"""Something small done again and again, in a thread of its own, while long work goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, cast

from flask import current_app

log = logging.getLogger(__name__)


@contextmanager
def beating(seconds: float, beat: Callable[[], None]) -> Generator[None]:
    """Call ``beat`` every ``seconds`` while the block runs, and never after it.

    It runs in a thread with an application context, hence a database session, of its own, so it
    may open transactions whatever the block does. One that fails is logged and tried again.
    """
    app = cast("Any", current_app)._get_current_object()
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(seconds):
            with app.app_context():
                try:
                    beat()
                except Exception:
                    log.exception("a beat failed; trying again")

    thread = threading.Thread(target=run, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
