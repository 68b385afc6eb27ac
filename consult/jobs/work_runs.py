"""Doing a work: from the claimed job to the mark that it is done, failed or no longer wanted."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.exc import InterfaceError, OperationalError

from consult.core import clock, memory
from consult.core.beats import beating
from consult.core.db import db, transaction
from consult.core.i18n import N_
from consult.jobs.registry import Interrupted, Record
from consult.jobs.work_models import UNFINISHED, Work
from consult.jobs.works import KINDS, Cancelled, Failed, Progress

WRITE_SECONDS = 0.5
# A work that kills its process again and again must not do so for ever.
MOST_ATTEMPTS = 3
BROKEN: Final = N_(
    "This could not be done because of a fault in the software. The administrator can see it in "
    "the log; you may try again."
)
ENDED: Final = N_(
    "This was begun %(count)s times, and each time the program that did it ended before it was "
    "done."
)
log = logging.getLogger(__name__)


def run(work_id: int) -> Record | None:
    """Do the work, outside of any transaction; return what records its outcome, if it has one.

    Errors of the database and Interrupted go up: the job is then run again.
    """
    begun = _begin(work_id)
    if begun is None:
        return None
    kind, arguments, attempts = begun
    if attempts > MOST_ATTEMPTS:
        return partial(_fail, work_id, ENDED, {"count": MOST_ATTEMPTS})
    progress = Progress(work_id)
    try:
        with beating(WRITE_SECONDS, progress.write):
            result = KINDS[kind].run(arguments, progress)
    except Cancelled:
        return None
    except Interrupted:
        _put_back(work_id)
        raise
    except (InterfaceError, OperationalError):
        raise
    except Failed as failure:
        return partial(_fail, work_id, failure.message, failure.params)
    except Exception:
        log.exception("work %s failed", kind)
        return partial(_fail, work_id, BROKEN, {})
    finally:
        memory.give_back()
    return partial(_finish, work_id, result)


def _begin(work_id: int) -> tuple[str, dict[str, Any], int] | None:
    with transaction() as session:
        work = session.get(Work, work_id)
        if work is None or work.state not in UNFINISHED:
            return None
        work.state, work.attempts, work.done, work.total = "running", work.attempts + 1, 0, 0
        work.started_at = work.started_at or clock.now()
        return work.kind, work.arguments, work.attempts


def _put_back(work_id: int) -> None:
    with transaction():
        _change(work_id, state="waiting", attempts=Work.attempts - 1)


def _finish(work_id: int, result: dict[str, Any]) -> None:
    _end(work_id, state="done", result=result, file_sha256=result.get("sha256"))


def _fail(work_id: int, message: str, params: dict[str, Any]) -> None:
    _end(work_id, state="failed", message=message, params=params)


def _end(work_id: int, **values: Any) -> None:
    # What was cancelled at the last moment stays cancelled.
    _change(work_id, **values, open_key=None, finished_at=clock.now())


def _change(work_id: int, **values: Any) -> None:
    db.session.execute(
        update(Work).where(Work.id == work_id, Work.state == "running").values(**values)
    )
