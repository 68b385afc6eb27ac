"""Why a step of a summary is refused, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from consult.consultations.models import Consultation
from consult.core.i18n import _, format_datetime
from consult.core.text import shorten
from consult.summaries import commands, queries
from consult.summaries.placeholders import in_braces
from consult.summaries.sections import codes


def refusal(error: commands.Refusal, consultation: Consultation) -> str:
    """Return the sentence that says what stands against the step."""
    match error:
        case commands.RoundNotClosed():
            return _("The round is not closed yet.")
        case commands.CellsWithoutPassage():
            return _bare_cells(consultation, error.cells)
        case commands.PassagesOutdated():
            return _(
                "The authors of these points have revised the words that are quoted: %(codes)s. "
                "Save the summary again and have passages proposed.",
                codes=codes(error.point_ids),
            )
        case commands.UnknownPlaceholders():
            return no_such_figure(error.names)
        case commands.PointsMissing():
            return _unbalanced(error)
        case commands.WrongState():
            return _("Its state has changed meanwhile: see below where it stands.")
        case commands.OwnSummary():
            return _("Whoever has written in a summary cannot approve it.")
        case commands.Overtaken():
            return _("A colleague was quicker: look at the summary as it is now, then decide.")
        case commands.PointsChanged():
            return _("Points have changed since: see what has changed, then decide.")
        case commands.ObjectionsOpen():
            return _("Objections of authors wait for an answer: see below.")
        case commands.TooEarly():
            return _(
                "Authors may object until %(at)s. Wait, or say why it is released earlier.",
                at=format_datetime(error.until),
            )
        case _:
            assert_never(error)


def no_such_figure(names: Sequence[str]) -> str:
    """Return the sentence that says that these placeholders stand for nothing where they are."""
    return _(
        "Nothing is called %(names)s here. Write a name from the list of figures, in double "
        "braces, like %(example)s.",
        names=", ".join(names),
        example=in_braces("so_y_kien"),
    )


def _unbalanced(error: commands.PointsMissing) -> str:
    if error.point_ids:
        return _(
            "These points are nowhere in the summary: %(codes)s.", codes=codes(error.point_ids)
        )
    return _("These points are counted twice: %(codes)s.", codes=codes(error.twice))


def _bare_cells(consultation: Consultation, cells: list[commands.Place]) -> str:
    lines = {line.id: line for line in queries.provision_lines(consultation.version_id)}
    named = list(
        dict.fromkeys(
            lines[provision_id].citation if provision_id else _("The whole draft")
            for provision_id, _stance in cells
        )
    )
    return _(
        "Every stance on every provision must be heard. Quote at least one passage of each, "
        "missing now in: %(places)s.",
        places=shorten(", ".join(named), 600),
    )
