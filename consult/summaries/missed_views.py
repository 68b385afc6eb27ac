"""The page that asks what was missed: unquoted points, silent provisions, people not heard."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from msgspec.structs import replace

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.web import route
from consult.people.fields import field_name
from consult.submissions.models import Stance
from consult.summaries import missed_queries as queries
from consult.summaries.blueprint import room
from consult.summaries.matrix import Count, build
from consult.summaries.missed import SMALLEST, groups, silent_provisions, verified_in_all
from consult.summaries.queries import newest, provision_lines


@route(room, "/front/rounds/<int:round_id>/missed", permission="summary.work", load=load_round)
def missed(consultation: Consultation) -> ResponseReturnValue:
    """Show what the newest summary does not quote, and who and what has not been heard of."""
    summary = newest(consultation.id)
    lines = provision_lines(consultation.version_id)
    cells = queries.cells(consultation.id, summary.id if summary else None)
    rows = build(lines, [Count(c.provision_id, c.stance, False, c.points) for c in cells]).rows
    order = {line.id: line.ordinal for line in lines}
    bare = [cell for cell in cells if cell.bare]
    fields, localities = queries.people(consultation.id)
    verified, heard = verified_in_all(fields)
    named = [replace(group, name=field_name(group.name)) for group in fields]
    return render_template(
        "summaries/missed.html",
        consultation=consultation,
        summary=summary,
        unquoted={stance: _unquoted(cells, stance) for stance in Stance},
        bare=sorted(bare, key=lambda cell: order.get(cell.provision_id or 0, len(order))),
        places={line.id: line for line in lines},
        provisions=len(lines),
        silent=silent_provisions(rows),
        panels=queries.panels(consultation.id),
        organisations=queries.organisations_heard(consultation.id),
        verified=verified,
        heard=heard,
        fields=groups(named),
        localities=groups(localities),
        smallest=SMALLEST,
    )


def _unquoted(cells: list[queries.Cell], stance: Stance) -> int:
    return sum(cell.unquoted for cell in cells if cell.stance is stance)
