"""Commands about drafts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consult.cli.base import Failure, application, json_option, print_json

if TYPE_CHECKING:
    from consult.drafts.comparison import Change, Comparison, Segment
    from consult.drafts.parsing import ParsedDocument, ParsedProvision


@click.group()
def drafts() -> None:
    """Read draft documents."""


@drafts.command("parse")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def parse(file: Path, as_json: bool) -> None:
    """Show the provisions that are found in FILE (.docx, .doc, .pdf or .txt).

    .odt and .rtf need LibreOffice, a scanned .pdf tesseract and some seconds a page. Needs no
    database and writes nothing. The JSON has parts, provisions (key, part, kind, number, title,
    text, parent, citation, start, end), warnings, the remainder, and how the text was recovered.
    """
    document = _read(file)
    if as_json:
        print_json(document.to_json())
    else:
        _print_tree(document)


@drafts.command("compare")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@json_option
def compare_files(old: Path, new: Path, as_json: bool) -> None:
    """Show what became of each provision of OLD in NEW.

    Both are files that “drafts parse” reads, or what it printed with --json, saved as .json.
    Needs no database and writes nothing. The JSON has old, new, counts by kind, and changes in
    the new version's order: kind (unchanged, changed, moved, renumbered, split, merged, added,
    deleted), wording_changed, old and new keys, citations, similarity, doubtful, diff as
    [op, text] pairs (equal, deleted, inserted), and moves: [segment of the diff, number], where
    two segments of one number are words that moved.
    """
    from consult.drafts.comparison import compare

    before, after = _read(old), _read(new)
    comparison = compare(before.provisions, after.provisions)
    if as_json:
        print_json(_comparison_json((old, before), (new, after), comparison))
    else:
        _print_changes(before, after, comparison)


def _read(file: Path) -> ParsedDocument:
    """Return the document in a file, or the one that was parsed and saved as JSON."""
    from consult.drafts.parsing import (
        REASONS,
        ParsedDocument,
        UnreadableDocument,
        parse_untrusted,
    )

    if not file.is_file():
        raise Failure(f"There is no file {file}.")
    try:
        if file.suffix.lower() == ".json":
            return ParsedDocument.from_json(json.loads(file.read_text("utf-8")))
        return parse_untrusted(file, filename=file.name, scans=True)
    except UnreadableDocument as error:
        with application(ready=False):
            from consult.core.i18n import _

            raise Failure(_(REASONS[error.reason], **error.params)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{file} is not what “drafts parse --json” prints.") from error
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error


def _print_tree(document: ParsedDocument) -> None:
    from consult.core.text import shorten

    for provision in document.provisions:
        words = provision.title or shorten(provision.text, 70)
        click.echo(f"{'  ' * provision.depth}{provision.citation}: {words}")
    click.echo(f"\n{len(document.provisions)} provisions in {max(1, len(document.parts))} part(s).")
    for warning in document.warnings:
        click.echo(f"Warning: {warning.message}")
    if document.remainder.strip():
        click.echo(f"Text outside of every provision:\n{document.remainder}")


def _diffs(
    old: ParsedDocument, new: ParsedDocument, comparison: Comparison
) -> dict[int, list[Segment]]:
    """Return the differences of the changes with another wording, by their place."""
    from consult.drafts.comparison import word_diffs

    places = [at for at, change in enumerate(comparison.changes) if change.wording_changed]
    changes = [comparison.changes[at] for at in places]
    return dict(zip(places, word_diffs(old.provisions, new.provisions, changes), strict=True))


def _comparison_json(
    old: tuple[Path, ParsedDocument], new: tuple[Path, ParsedDocument], comparison: Comparison
) -> dict[str, Any]:
    from consult.drafts.comparison import Segment, wording

    before, after = _by_key(old[1]), _by_key(new[1])
    diffs = _diffs(old[1], new[1], comparison)

    def row(at: int, change: Change) -> dict[str, Any]:
        same = "\n".join(wording(after[key]) for key in change.new)
        segments = diffs.get(at, [Segment("equal", same)])
        return {
            **change.to_json(),
            "old_citation": _citation(before, change.old),
            "new_citation": _citation(after, change.new),
            "diff": [[segment.op, segment.text] for segment in segments],
            "moves": [[i, s.move] for i, s in enumerate(segments) if s.move is not None],
        }

    return {
        "old": {"file": old[0].name, "provisions": len(before)},
        "new": {"file": new[0].name, "provisions": len(after)},
        "counts": comparison.counts,
        "changes": [row(at, change) for at, change in enumerate(comparison.changes)],
    }


def _by_key(document: ParsedDocument) -> dict[str, ParsedProvision]:
    return {provision.key: provision for provision in document.provisions}


def _citation(provisions: dict[str, ParsedProvision], keys: Sequence[str]) -> str | None:
    return "; ".join(provisions[key].citation for key in keys) or None


def _print_changes(old: ParsedDocument, new: ParsedDocument, comparison: Comparison) -> None:
    """Print the changes as a list: [-deleted-] and {+inserted+} words, {>moved>} ones."""
    before, after = _by_key(old), _by_key(new)
    diffs = _diffs(old, new, comparison)
    for at, change in enumerate(comparison.changes):
        if change.kind == "unchanged":
            continue
        names = [_citation(before, change.old), _citation(after, change.new)]
        names = list(dict.fromkeys(name for name in names if name))
        notes = [change.kind]
        if change.wording_changed and change.kind not in ("changed", "added", "deleted"):
            notes.append("wording changed")
        if change.doubtful:
            notes.append("doubtful")
        click.echo(f"{' → '.join(names)}: {', '.join(notes)}")
        if at in diffs:
            click.echo("    " + "".join(map(_marked, diffs[at])).replace("\n", "\n    "))
    counts = ", ".join(f"{count} {kind}" for kind, count in comparison.counts.items() if count)
    click.echo(f"\n{counts or 'No provisions'}.")


def _marked(segment: Segment) -> str:
    if segment.op == "equal":
        return segment.text
    if segment.minor:
        return segment.text if segment.op == "inserted" else ""
    sign = "-" if segment.op == "deleted" else "+"
    opening, closing = "[]" if segment.op == "deleted" else "{}"
    if segment.move is not None:
        sign = ">" if segment.op == "deleted" else "<"
    return f"{opening}{sign}{segment.text}{sign}{closing}"
