"""The critiques room's pages, gathered from its modules of views."""

from __future__ import annotations

from consult.critiques import (
    answer_views,
    labels,
    order_views,
    panel_views,
    report_views,
    review_views,
)
from consult.critiques.blueprint import room

__all__ = ["answer_views", "order_views", "panel_views", "report_views", "review_views", "room"]

room.add_app_template_global(labels.commission_stage)
room.add_app_template_global(labels.commission_transition)
room.add_app_template_global(labels.panel_role)
room.add_app_template_global(labels.critique_conclusion)
room.add_app_template_global(labels.seat_state)
