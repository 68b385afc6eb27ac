"""Answers to a round's questions as the ledger records them.

An answer is {"asked", "chosen", "question"} with the chosen labels, on a scale {"asked",
"question", "scale", "value"} with its steps and the names of its ends. A submission's leaf has
those it came with as "answers", left out when there are none. Of a later sheet there is a leaf of
its own, of kind "answers": {"answers", "received_at", "reference", "sheet"}.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from consult.consultations.models import Question, QuestionKind
from consult.ledger.entries import instant
from consult.submissions.answers.models import AnswerSheet


def recorded_answer(question: Question, numbers: Sequence[int]) -> dict[str, Any]:
    """Return one answer as a leaf covers it: in words, so that no label can be changed later."""
    said = {"question": question.ordinal, "asked": question.text}
    if question.kind is QuestionKind.SCALE:
        return said | {
            "scale": [question.low, question.high, question.steps],
            "value": numbers[0] if numbers else None,
        }
    labels = dict(question.choices)
    return said | {"chosen": [labels.get(number, number) for number in numbers]}


def recorded_sheet(sheet: AnswerSheet) -> list[dict[str, Any]]:
    """Return the sheet's answers in the order of the questions, as a leaf covers them."""
    return [recorded_answer(answer.question, answer.numbers) for answer in in_order(sheet)]


def in_order(sheet: AnswerSheet) -> list[Any]:
    """Return the sheet's answers in the order of the questions."""
    return sorted(sheet.answers, key=lambda answer: answer.question.ordinal)


def first_answers(sheets: Iterable[AnswerSheet]) -> list[dict[str, Any]]:
    """Return what came with the submission whose ``sheets`` these are."""
    return [answer for sheet in sheets if sheet.number == 0 for answer in recorded_sheet(sheet)]


def sheet_content(sheet: AnswerSheet) -> dict[str, Any]:
    """Return what the leaf of a later sheet covers; reads its submission."""
    return {
        "reference": sheet.submission.reference,
        "sheet": sheet.number,
        "received_at": instant(sheet.received_at) if sheet.received_at else None,
        "answers": recorded_sheet(sheet),
    }
