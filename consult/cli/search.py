"""Commands about searching and its index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from consult.cli.base import Failure, application, json_option, print_json, report

if TYPE_CHECKING:
    from consult.core.permissions import Actor
    from consult.search.queries import Item, Results


@click.command()
@click.argument("query")
@click.option("--as", "email", metavar="EMAIL", help="Search as that person; otherwise as anybody.")
@click.option("--kind", type=click.Choice(["round", "provision", "point"]), help="Only these.")
@click.option("--round", "round_id", type=int, metavar="ROUND", help="Only in that round.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@json_option
def search(
    query: str, email: str | None, kind: str | None, round_id: int | None, page: int, as_json: bool
) -> None:
    """Search drafts, rounds and points for QUERY, with or without diacritics.

    Shows what the person named by --as may read, or what anybody may.
    """
    with application():
        from functools import partial

        from consult.core.db import transaction
        from consult.core.permissions import NOBODY, policy
        from consult.core.settings import settings
        from consult.search import queries
        from consult.search.current import engine
        from consult.search.engine import IndexUnavailable, SearchQuery

        with transaction(write=False):
            actor = _actor(email) if email else NOBODY
            wanted = SearchQuery(
                query, kind=kind or "", round_id=round_id, restricted=actor is not NOBODY
            )
            try:
                found = queries.search(engine(), wanted, partial(policy().allows, actor), page=page)
            except IndexUnavailable as error:
                raise Failure("There is no search index yet. Run “index rebuild”.") from error
            hits = [_plain(item, settings().base_url) for item in found.rows]
    if as_json:
        print_json(_head(query, email, found) | {"hits": hits})
    else:
        _print(found, hits)


def _actor(email: str) -> Actor:
    from consult.accounts.identity import actor_of
    from consult.accounts.queries import user_by_email

    user = user_by_email(email)
    if user is None or user.disabled_at is not None:
        raise Failure(f"There is no account {email!r} that can sign in.")
    return actor_of(user)


def _plain(item: Item, base_url: str) -> dict[str, Any]:
    path = f"/points/{item.id}" if item.kind == "point" else f"/rounds/{item.round.id}"
    if item.kind == "provision":
        path += f"#{item.anchor}"
    return {
        "kind": item.kind,
        "id": item.id,
        "round": item.round.id,
        "round_title": item.round.title,
        "title": item.title.striptags(),
        "text": item.passage.striptags(),
        "citation": item.citation or None,
        "provision": item.anchor or None,
        "code": item.code or None,
        "stance": item.stance.value if item.stance else None,
        "author": (item.author.name or item.author.organisation or None) if item.author else None,
        "url": base_url + path,
    }


def _head(query: str, email: str | None, found: Results) -> dict[str, Any]:
    return {
        "query": query,
        "as": email,
        "total": found.total,
        "more": found.more,
        "partial": found.partial,
        "page": found.number,
        "pages": found.pages,
    }


def _print(found: Results, hits: list[dict[str, Any]]) -> None:
    if not hits:
        click.echo("Nothing found.")
        return
    if found.partial:
        click.echo("Nothing holds these words together; these hold some of them.")
    for hit in hits:
        label = {"round": "Round", "provision": "Provision", "point": "Point"}[hit["kind"]]
        click.echo(f"{label} {hit['code'] or hit['id']}: {hit['title']}")
        click.echo(f"    {hit['text']}\n    {hit['url']}")
    count = f"{found.total} found" + (", the best of more" if found.more else "")
    click.echo(f"\n{count}; page {found.number} of {found.pages}.")


@click.group()
def index() -> None:
    """The search index."""


@index.command("rebuild")
@json_option
def rebuild(as_json: bool) -> None:
    """Build the search index anew from the database; searching goes on meanwhile."""
    with application():
        from consult.search.engine import IndexBusy
        from consult.search.tasks import rebuild as build

        try:
            build()
        except IndexBusy as error:
            raise Failure("Another process is writing to the index; try again later.") from error
        report("The search index is built.", {"rebuilt": True}, as_json=as_json)
