"""The demonstration's periods and holidays, as an administrator would enter them."""

from __future__ import annotations

from datetime import datetime

from consult.consultations.models import Holiday, PeriodRule
from consult.core import clock
from consult.core.db import db


def add_periods() -> None:
    """Add example periods for consultations, and the fixed holidays of the coming year."""
    # Examples for the demonstration; an administrator edits them, nothing is hard-coded.
    db.session.add_all(
        [
            PeriodRule(
                name="Văn bản quy phạm pháp luật (đăng tải)",
                days=20,
                unit="calendar",
                legal_basis="Luật Ban hành văn bản quy phạm pháp luật số 64/2025/QH15",
            ),
            PeriodRule(
                name="Quyết định của Chủ tịch Ủy ban nhân dân tỉnh",
                days=10,
                unit="calendar",
                legal_basis="Luật Ban hành văn bản quy phạm pháp luật số 64/2025/QH15",
            ),
        ]
    )
    year = clock.now().year + 1
    db.session.add_all(
        Holiday(day=datetime(year, month, day).date(), name=name)  # noqa: DTZ001 - a date
        for month, day, name in (
            (1, 1, "Tết Dương lịch"),
            (4, 30, "Ngày Chiến thắng"),
            (5, 1, "Ngày Quốc tế Lao động"),
            (9, 2, "Quốc khánh"),
        )
    )
