"""Calling support functions from a test that also sends requests.

A test that holds an application context open would share it with its requests, which then find
each other's leftovers in ``flask.g``; so each call gets a context of its own.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from flask import Flask


class Inside:
    """The functions of some modules, each run in a context of ``app`` for the call only."""

    def __init__(self, app: Flask, *modules: ModuleType | object) -> None:
        self.app = app
        self._modules = modules

    def __getattr__(self, name: str) -> Any:
        function = next(getattr(m, name) for m in self._modules if hasattr(m, name))

        def call(*arguments: Any, **options: Any) -> Any:
            with self.app.app_context():
                return function(*arguments, **options)

        return call
