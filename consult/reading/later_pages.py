"""How provisions read now whose words have changed since, for the pages that show points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from consult.core.permissions import can
from consult.drafts.models import Provision
from consult.reading import version_queries


def changed_since(
    provision_ids: Iterable[int | None], loaded: Mapping[int, Provision] | None = None
) -> dict[int, version_queries.Later]:
    """Return how those provisions read now whose words a later public version changed.

    What the page has ``loaded`` of them already is not read again; three queries at most.
    """
    ids = {provision_id for provision_id in provision_ids if provision_id is not None}
    every = can("round.list_restricted")
    return version_queries.changed_since(ids, restricted=every, loaded=loaded or {})
