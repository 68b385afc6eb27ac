"""Who is acting, and the question every route and template asks: may they?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, g
from msgspec import Struct, field


class Actor(Struct, frozen=True):
    """The person acting: everything a decision needs, read once.

    ``roles`` holds (role, organisation id or None); ``verified`` says that the union's
    secretariat has verified the profile. ``user_id`` is None for somebody not signed in.
    """

    user_id: int | None = None
    name: str = ""
    email: str = ""
    locale: str | None = None
    verified: bool = False
    confirmed: bool = False
    roles: frozenset[tuple[str, int | None]] = field(default_factory=frozenset[Any])

    def has(self, role: str) -> bool:
        """Return whether the actor holds ``role`` in any organisation."""
        return any(name == role for name, _organisation in self.roles)

    def holds(self, role: str, organisation_id: int | None) -> bool:
        """Return whether the actor holds ``role`` in that organisation."""
        return (role, organisation_id) in self.roles

    def organisations(self, role: str) -> list[int]:
        """Return the ids of the organisations in which the actor holds ``role``, sorted."""
        return sorted(o for name, o in self.roles if name == role and o is not None)


NOBODY = Actor()

Predicate = Callable[[Actor, Any], bool]


class Rule(Struct, frozen=True):
    """Any of ``predicates`` allows; ``hidden`` answers "not found" instead of "forbidden"."""

    predicates: tuple[Predicate, ...]
    hidden: bool = False


class Policy:
    """The whole table of permissions; what is not in it is denied."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = dict(rules)

    def allows(self, actor: Actor, permission: str, subject: Any = None) -> bool:
        """Return whether ``actor`` may do ``permission`` to ``subject``; unknown means no."""
        rule = self.rules.get(permission)
        return rule is not None and any(test(actor, subject) for test in rule.predicates)


def install(app: Any, policy: Policy) -> None:
    """Make ``policy`` the one that `can` asks; called once by the composition root."""
    app.extensions["consult_policy"] = policy
    app.add_template_global(can)


def policy() -> Policy:
    """Return the installed policy; needs an application context."""
    return current_app.extensions["consult_policy"]


def actor() -> Actor:
    """Return who is acting in this request (NOBODY when not signed in)."""
    return g.get("actor", NOBODY)


def can(permission: str, subject: Any = None) -> bool:
    """Return whether the present actor may do ``permission`` to ``subject``."""
    return policy().allows(actor(), permission, subject)
