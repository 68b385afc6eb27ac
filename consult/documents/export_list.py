"""What can be made of a round on request: names, titles and types of the files."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from consult.core.i18n import N_

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: Final = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
# The work that makes them.
KIND: Final = "documents.export"


class Export(Struct, frozen=True):
    """One file: ``title`` begins its name (Vietnamese), ``label`` is the button's message id."""

    name: str
    title: str
    label: str

    @property
    def extension(self) -> str:
        """The end of the name, which says the type."""
        return self.name.rpartition(".")[2]

    @property
    def media_type(self) -> str:
        """The type as HTTP names it."""
        return MEDIA_TYPES[self.extension]


_ALL: Final = (
    Export("mau10.docx", "Mẫu số 10", N_("Form 10 (DOCX)")),
    Export("mau10.pdf", "Mẫu số 10", N_("Form 10 (PDF)")),
    Export("mau10.xlsx", "Mẫu số 10", N_("Form 10 (XLSX)")),
    Export("points.xlsx", "Ý kiến", N_("Points (XLSX)")),
    Export("points.csv", "Ý kiến", N_("Points (CSV)")),
    Export("points.json", "Ý kiến", N_("Points (JSON)")),
    Export("answers.csv", "Trả lời câu hỏi", N_("Answers (CSV)")),
)
EXPORTS: Final = {export.name: export for export in _ALL}
