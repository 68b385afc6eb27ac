"""The table of a round's commitments as CSV, for everybody who reads the round."""

from __future__ import annotations

import csv
import io

from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core import clock
from consult.core.i18n import format_datetime
from consult.core.web import route
from consult.documents.blueprint import room
from consult.documents.download_pages import attachment
from consult.documents.export_list import MEDIA_TYPES
from consult.documents.points_table import defuse
from consult.responses import commitment_queries
from consult.responses.commitment_models import CommitmentState
from consult.responses.commitment_queries import Promised
from consult.submissions.models import code_of

_HEADINGS = ("Nội dung cam kết", "Người thực hiện", "Hạn", "Trạng thái", "Kết quả", "Minh chứng")
_STATES = {
    CommitmentState.OPEN: "Đang thực hiện",
    CommitmentState.DONE: "Đã thực hiện",
    CommitmentState.DROPPED: "Không thực hiện",
}


@route(
    room,
    "/rounds/<int:round_id>/commitments.csv",
    permission="round.read",
    load=load_round,
)
def commitments_csv(consultation: Consultation) -> ResponseReturnValue:
    """Download the round's commitments as CSV: UTF-8 with a byte order mark, commas, CR LF."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow((*_HEADINGS, "Ý kiến được giải trình"))
    now = clock.now()
    writer.writerows(map(_cells, commitment_queries.of_round(consultation.id, now)))
    title = f"Cam kết - {consultation.title}"
    return attachment(lines.getvalue().encode("utf-8-sig"), title, "csv", MEDIA_TYPES["csv"])


def _cells(one: Promised) -> list[str]:
    row = one.row
    state = "Quá hạn" if one.overdue else _STATES[row.state]
    codes = ", ".join(map(code_of, one.point_ids))
    cells = (row.what, row.who, format_datetime(row.due_at), state, row.outcome, row.evidence)
    return [*map(defuse, cells), codes]
