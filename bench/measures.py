"""The measurements themselves; each writes its lines into the report."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Sequence
from statistics import median, quantiles
from urllib.parse import quote_plus, urlencode

from sqlalchemy import select

from bench import bare_pages
from bench.client import Client, Person
from bench.compare import Cost, Effort, Refused, compare, expect
from bench.first_load import first_load
from bench.machine import cpu_seconds, pss_bytes
from bench.report import Report
from bench.server import Server
from bench.setting import Setting
from bench.statements import Visit, pages, visit, walk
from consult.core.db import transaction
from consult.drafts.models import Provision
from consult.drafts.queries import WHOLE_DRAFT
from consult.submissions.models import Point

ARGUMENT = (
    "Tôi đề nghị **giữ nguyên** mức hỗ trợ nhưng bổ sung tiêu chí:\n\n"
    "- có công trình được ứng dụng tại tỉnh;\n- có cam kết làm việc ít nhất ba năm.\n\n"
    "Thực tế ở trường tôi cho thấy hỗ trợ không kèm tiêu chí dễ thành bình quân, còn người làm "
    "được việc thì không thấy mình được ghi nhận."
)
WORDING = "Mức hỗ trợ được xác định theo kết quả ứng dụng công trình tại tỉnh."
QUERIES = (
    "hỗ trợ trí thức",
    "phan bien",
    "kinh phí",
    "tieu chi",
    '"cam kết"',
    "danh bạ chuyên gia",
)
PROVISIONS = 60


def _point(setting: Setting) -> dict[str, str]:
    return {
        "action": "send",
        "provision": "d1.k1",
        "form_key": secrets.token_urlsafe(16),
        "quote": "",
        "stance": "agree_with_changes",
        "argument": f"{ARGUMENT} ({secrets.token_hex(4)})",  # said twice, it would be asked about
        "proposed_wording": WORDING,
        "question": "",
        "identity": "public",
        "organisation": "",
    }


def _result(report: Report, what: str, cost: Cost, most: float) -> None:
    low, high = cost.spread
    shown = f"{cost.ratio:.2f} × ({cost.ours:.2f} / {cost.bare:.2f} ms; {low:.2f}–{high:.2f})"
    report.limit(what, cost.ratio, most, shown, " ×")


def posts(setting: Setting, ours: Server, bare: Server, effort: Effort, report: Report) -> None:
    """Sending a point at once, against a bare post with session, token and one insert."""
    bare_pages.add_page(setting.bare_app, "form", 1, 2000)
    section = str(bare_pages.section_id(setting.bare_app, "form"))
    theirs, mine = Client(bare.port, setting.visitor), Client(ours.port)
    writers = itertools.cycle(setting.writers)
    remark = {"section": section, "text": ARGUMENT + WORDING}
    path = f"/rounds/{setting.world.rounds['write']}/write"

    def send() -> object:
        mine.person = next(writers)
        return mine.post(path, _point(setting))

    cost = compare((bare, lambda: theirs.post("/remarks", remark)), (ours, send), 303, effort)
    _result(report, "sending a point : bare post", cost, 4)


def page(
    setting: Setting,
    servers: tuple[Server, Server],
    what: str,
    path: str,
    most: float | None,
    effort: Effort,
    report: Report,
    *,
    rows: int = 25,
    person: Person | None = None,
    gzip: bool = False,
) -> None:
    """A page against a bare page of as many bytes, made from ``rows`` rows."""
    ours, bare = servers
    mine, theirs = Client(ours.port, person or Person()), Client(bare.port)
    size = len(expect(mine.get(path), 200, path).body)
    name = secrets.token_hex(4)
    bare_pages.add_page(setting.bare_app, name, rows, size)
    cost = compare(
        (bare, lambda: theirs.get(f"/pages/{name}")),
        (ours, lambda: mine.get(path, gzip=gzip)),
        200,
        effort,
    )
    what += f" ({size / 1000:.0f} kB)"
    if most is not None:
        _result(report, what, cost, most)
    else:
        report.note(what, f"{cost.ratio:.2f} × ({cost.ours:.2f} / {cost.bare:.2f} ms)")


def all_pages(
    setting: Setting, servers: tuple[Server, Server], effort: Effort, report: Report
) -> None:
    """The round at both sizes, home and the lists."""
    rounds, author = setting.world.rounds, setting.people["author"]

    def one(what: str, path: str, most: float | None, **more: object) -> None:
        try:
            page(setting, servers, what, path, most, effort, report, **more)  # type: ignore[arg-type]
        except Refused as refusal:
            report.failed(what, str(refusal))

    for name in ("few", "many"):
        one(f"round page, {name} points : bare page", f"/rounds/{rounds[name]}", 3, rows=PROVISIONS)
    one("home : bare page", "/", 5)
    one("list of rounds : bare page", "/rounds", 5)
    for name in ("few", "many"):
        one(f"list of points, {name} : bare page", f"/rounds/{rounds[name]}/points", 5)
    one("search page : bare page", "/search", 5)
    many = f"/rounds/{rounds['many']}"
    one("round page, many, signed in : bare page", many, None, rows=PROVISIONS, person=author)
    one("round page, many, compressed : bare page", many, None, rows=PROVISIONS, gzip=True)
    one("points without diacritics, many : bare page", f"{many}/points?q=ho+tro", None)
    one("search results, many : bare page", "/search?q=h%E1%BB%97+tr%E1%BB%A3", None)


def statements(setting: Setting, report: Report) -> None:
    """SQL statements of every page for everybody, and of sending a point."""
    seen = {
        name: walk(setting.app, setting.people, _paths(setting, name))
        for name in ("few", "many", "export")
    }
    visits = [visit for of_round in seen.values() for visit in of_round]
    answered = [v for v in visits if v.status < 400]
    broken = sorted({f"{v.path} ({v.status} as {v.who})" for v in visits if v.status >= 500})
    if broken:
        report.failed("pages that failed", f"{len(broken)}", *broken)
    report.note("pages visited", f"{len(visits)}, shown {len(answered)}")
    worst = max(visits, key=lambda v: v.statements)
    shown = f"{worst.statements} ({worst.path} as {worst.who})"
    report.limit("SQL statements, any page, any role", worst.statements, 12, shown)
    report.details += _over(visits, 12)
    grown = _grown(seen["few"], seen["many"])
    report.limit("pages with more statements at many points", len(grown), 0, f"{len(grown)}")
    report.details += grown
    for path, fields in (
        (f"/rounds/{setting.world.rounds['write']}/write", _point(setting)),
        (f"/rounds/{setting.world.rounds['write']}/write", _point(setting) | {"action": "save"}),
    ):
        what = f"SQL statements, {'sending' if fields['action'] == 'send' else 'saving'} a point"
        sent = visit(setting.app, "author", setting.people["author"], path, fields)
        if sent.status == 303:
            report.limit(what, sent.statements, 20, f"{sent.statements}")
        else:
            report.failed(what, f"answered with {sent.status}")


def _paths(setting: Setting, round_name: str) -> list[str]:
    """Every page once, and again with the filters that make it work harder."""
    world = setting.world
    round_id = world.rounds[round_name]
    values: dict[str, str | int] = {
        "round_id": round_id,
        "draft_id": world.draft_id,
        "version_id": world.version_id,
        "number": 1,  # of the version
        "key": "d1.k1",
        "file_id": 1,  # there is none: told as not found
        "evidence_id": 1,  # none either
        "certificate_id": 1,
        "attachment_id": 1,  # there is none: told as not found
        "request_id": 1,  # to open an identity: none either
        "user_id": world.users["author"],
        "organisation_id": world.club_id,
        "joint_id": 1,  # of a club: none either
        "suggestion_id": 1,
        "submission_id": 1,  # that staff entered: there is none
        "point_id": world.points[round_name],
        "reference": world.reference,
        "summary_id": world.summary_id,
        "objection_id": 1,  # of an author: there is none
        "notice_id": world.notice_id,
        "token": "none",
        "about": "confirm",
        "embargo_id": 1,  # none waits: leads back to the table
        "asked_id": 1,  # no draft reply is asked for: told as not found
        "commitment_file_id": 1,  # there is none: told as not found
        "commitment_id": 1,  # there is none: told as not found
        "commission_id": 1,  # there is none: told as not found
        "seat_id": 1,
        "review_id": 1,
        "form": "pdf",
        "name": "points.csv",
        "document": "report.pdf",
        "work_id": 1,  # there is none: told as not found
        "kind": "intake",  # a template of critiques
        "old": 1,  # sizes of the log
        "new": 1,
    }
    more = [
        f"/rounds/{round_id}/points?stance=agree&q=ho+tro",
        f"/rounds/{round_id}/points?disposition=accepted",
        f"/rounds/{round_id}/write?provision=d1.k1",
        f"/rounds/{round_id}/basket/{world.baskets[round_name]}",
        f"/front/rounds/{round_id}/cell?{_cell(setting, world.points[round_name])}",
        f"/front/rounds/{round_id}/decide?point={world.points[round_name]}",
        f"/front/rounds/{round_id}/theme?provision=d1.k1",
        f"/front/rounds/{round_id}/summary/preview?reader=council",
        f"/front/rounds/{round_id}/summary/preview?reader=public&all=1",
        f"/front/rounds/{round_id}/doubts?dismissed=1",
        f"/front/rounds/{round_id}/coding/sample?id=1",  # there is none: told as not found
        f"/front/rounds/{round_id}/reading?provision=d1.k1&show=unread&importance=0&quoted=no",
        f"/office/rounds/{round_id}/answer?point={world.points[round_name]}",
        "/search?q=ho+tro",
    ]
    paths = [*pages(setting.app, values), *more]
    # A document of all points takes as long as it has points: the answered round's is enough.
    return [path for path in paths if round_name == "export" or "/export/" not in path]


def _cell(setting: Setting, point_id: int) -> str:
    """Return the query of the matrix's cell that holds the point: an empty one asks less."""
    wanted = (
        select(Provision.key, Point.stance)
        .outerjoin(Provision, Provision.id == Point.provision_id)
        .where(Point.id == point_id)
    )
    with setting.app.app_context(), transaction(write=False) as session:
        key, stance = session.execute(wanted).one()
    return urlencode({"provision": key or WHOLE_DRAFT, "stance": stance.value})


def _over(visits: Sequence[Visit], most: int) -> list[str]:
    worst: dict[str, int] = {}
    for one in visits:
        if one.statements > most:
            worst[one.path] = max(one.statements, worst.get(one.path, 0))
    return [f"{path}: {n} statements" for path, n in worst.items()]


def _grown(few: Sequence[Visit], many: Sequence[Visit]) -> list[str]:
    return [
        f"{large.path} as {large.who}: {small.statements} → {large.statements}"
        for small, large in zip(few, many, strict=True)
        if large.statements > small.statements
    ]


def first_loads(setting: Setting, ours: Server, report: Report) -> None:
    """What a first visitor's browser fetches."""
    for what, path in (("home", "/"), ("round page", f"/rounds/{setting.world.rounds['many']}")):
        try:
            load = first_load(ours.port, path)
        except Refused as refusal:
            report.failed(f"first load of {what}", str(refusal))
            continue
        report.limit(f"first load of {what}: requests", load.requests, 8, f"{load.requests}")
        kilobytes, script = load.size / 1000, load.script / 1000
        report.limit(f"first load of {what}: size", kilobytes, 120, f"{kilobytes:.1f} kB", " kB")
        report.limit(f"first load of {what}: script", script, 30, f"{script:.1f} kB", " kB")
        if load.foreign:
            report.failed(f"first load of {what}: other machines", "yes", *load.foreign)


def memory(ours: Server, report: Report) -> None:
    """The web worker's memory after posts, pages and lists at 100 and 10,000 points."""
    size = pss_bytes(ours.worker) / 1e6
    report.limit("web worker's memory (PSS)", size, 100, f"{size:.0f} MB", " MB")


def cold_start(setting: Setting, times: int, report: Report) -> None:
    """From the process's start to the first answered page, on a migrated database."""
    started: list[float] = []
    worked: list[float] = []
    for _ in range(times):
        with setting.ours() as server:
            started.append(server.started)
            worked.append(cpu_seconds(server.process.pid) + cpu_seconds(server.worker))
    shown = (
        f"{median(started):.2f} s, of it CPU {median(worked):.2f} s "
        f"({times} times: {min(started):.2f}–{max(started):.2f} s)"
    )
    report.limit("cold start", median(started), 1.5, shown, " s")


def orientation(setting: Setting, ours: Server, report: Report, repeats: int) -> None:
    """Figures without a limit: search, loading."""
    client = Client(ours.port)
    words = itertools.islice(itertools.cycle(QUERIES), repeats)
    try:
        waits = [_wall(client, "/search?q=" + quote_plus(query)) for query in words]
        p50, p95 = median(waits), quantiles(waits, n=20)[-1]
        report.note("search, wall time p50 / p95", f"{p50 * 1000:.0f} / {p95 * 1000:.0f} ms")
    except Refused as refusal:
        report.failed("search", str(refusal))
    report.note("loading the rows, CPU", f"{setting.loaded:.1f} s")
    report.note("building the search index, CPU", f"{setting.indexed:.1f} s")


def _wall(client: Client, path: str) -> float:
    began = time.perf_counter()
    expect(client.get(path), 200, path)
    return time.perf_counter() - began
