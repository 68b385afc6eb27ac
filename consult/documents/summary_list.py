"""What can be made of a summary on request: the Front's documents, their titles and readers."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from consult.core.i18n import N_
from consult.documents.export_list import Export

# The work that makes them.
KIND: Final = "documents.summary"


class Paper(Struct, frozen=True):
    """One document: what begins its file's name (Vietnamese), its label, whom it is for.

    ``label`` and ``about`` are message ids. A public one is for all readers of the summary, the
    others for those who read it in full.
    """

    key: str
    title: str
    label: str
    about: str
    public: bool = False

    @property
    def files(self) -> tuple[Export, ...]:
        """The document as a Word file and as a PDF."""
        return tuple(
            Export(f"{self.key}.{form}", self.title, label)
            for form, label in (("docx", N_("Word (DOCX)")), ("pdf", N_("PDF")))
        )


PAPERS: Final = (
    Paper(
        "report",
        "Báo cáo tổng hợp",
        N_("Full report"),
        N_(
            "The whole summary: course, figures, opinions by provision with the passages word for "
            "word, what differs, dissents, and the lists of all other points."
        ),
    ),
    Paper(
        "brief",
        "Báo cáo tóm tắt",
        N_("Brief for the People's Council"),
        N_("Two pages: the figures, a chart by chapter, what was discussed most, what is asked."),
    ),
    Paper(
        "annex",
        "Phụ lục công khai",
        N_("Public annex"),
        N_(
            "Every point that was received and where it is counted. The words of hidden points "
            "are left out."
        ),
        public=True,
    ),
    Paper(
        "letter",
        "Văn bản phản biện xã hội",
        N_("Letter of social critique"),
        N_(
            "The Front's letter to the drafting agency: the draft's words, the opinions on them, "
            "the wording that is proposed. Contributors are not named."
        ),
    ),
)
FILES: Final = {file.name: file for paper in PAPERS for file in paper.files}


def paper_of(name: str) -> Paper:
    """Return the document of which the file called ``name`` is one form."""
    return next(paper for paper in PAPERS if paper.key == name.partition(".")[0])
