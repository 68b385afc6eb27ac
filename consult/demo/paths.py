"""Finds the provisions that the demonstration's content names by path, and quotes in them."""

from __future__ import annotations

from collections.abc import Sequence

from consult.drafts.queries import ProvisionLine


class NotThere(LookupError):
    """The content names a provision or a quote that the parsed draft does not have."""


def find(provisions: Sequence[ProvisionLine], path: Sequence[str]) -> ProvisionLine:
    """Return the provision at ``path`` (see data/README.md); NotThere when there is none."""
    here: ProvisionLine | None = None
    for step in path:
        here = _step(provisions, here, step)
        if here is None:
            raise NotThere(" > ".join(path))
    if here is None:
        raise NotThere("an empty path")
    return here


def _step(
    provisions: Sequence[ProvisionLine], parent: ProvisionLine | None, step: str
) -> ProvisionLine | None:
    if parent is None:
        if step.startswith("Chương "):
            return _first(provisions, kind="chapter", number=step.removeprefix("Chương "))
        if step.isdigit():
            return _first(provisions, kind="article", number=step)
        return _first(provisions, kind="roman", number=step)
    children = [p for p in provisions if p.parent_id == parent.id]
    if step.startswith("Mục "):
        return _first(children, kind="section", number=step.removeprefix("Mục "))
    if step.startswith("-"):
        bullets = [p for p in children if p.kind == "bullet"]
        position = int(step[1:]) - 1
        return bullets[position] if position < len(bullets) else None
    if step.startswith("¶"):
        return next((p for p in children if p.text.startswith(step[1:])), parent)
    return _first(children, number=step)


def _first(
    provisions: Sequence[ProvisionLine], *, number: str, kind: str | None = None
) -> ProvisionLine | None:
    return next(
        (p for p in provisions if p.number == number and (kind is None or p.kind == kind)), None
    )


def holding(provisions: Sequence[ProvisionLine], top: ProvisionLine, quote: str) -> ProvisionLine:
    """Return the provision at or below ``top`` whose text has ``quote``; NotThere if none has."""
    below = {top.id}
    for provision in provisions:
        if provision.parent_id in below:
            below.add(provision.id)
        if provision.id in below and (quote in provision.text or quote in provision.title):
            return provision
    raise NotThere(quote)
