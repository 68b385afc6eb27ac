"""The documents room's work: making files of a round."""

from __future__ import annotations

from typing import Any

from consult.core.i18n import N_
from consult.documents import export_list, summary_list
from consult.jobs import works
from consult.jobs.works import Progress


@works.does(export_list.KIND, label=N_("Document or table of a consultation"))
def export(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Make one file of a round."""
    from consult.documents import exporting  # all that writes documents, for this process alone

    return exporting.make(arguments, progress.step)


@works.does(summary_list.KIND, label=N_("Document of a summary"))
def summary_file(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Make one of the Front's documents of a summary."""
    from consult.documents import summary_services

    return summary_services.make(arguments, progress.step)
