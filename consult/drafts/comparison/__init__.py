"""The comparison of two versions of a draft: what became of each provision, word by word.

Pure: provisions in, changes out; no database, no request. ``compare`` maps the provisions of
the old version to those of the new and says of each what became of it; ``word_diffs`` shows the
wording of each change, ``diff`` that of any two texts.

**Wording** is a provision's title and own text. What does not count as a change of wording:
white space and line breaks, Unicode's composed or decomposed letters, Ð for Đ, the place of the
tone mark (hoà, hòa), i for y in an open syllable (kĩ, kỹ), the shape of dashes and quotation
marks, and in titles the letter case, which is their format. Everything else counts, letter case
and punctuation of the text included.

**Kinds** of a change, the first that fits:

- *split*: one old provision's words stand in two or more new ones that are neighbours or
  children; of headings: their units were shared among neighbouring headings.
- *merged*: the reverse. Seams may change letter case and punctuation without counting as wording.
- *moved*: kept, but under another parent (one that the old parent does not map to), or its place
  among the kept units of the same parent changed. The fewest units that explain the new order
  are the moved ones. A level of headings put in or taken out between a unit and the parent it
  keeps moves nothing.
- *renumbered*: kept under the same parent in the same order with another number or another kind
  of number. Bullets, paragraphs, tables and quotations have a place but no number; a number such
  as 2.1 under 2 counts from the parent's on ("1").
- *changed*: only the wording is different.
- *unchanged*, *added* (no old provision), *deleted* (no new one).

Whatever a parent goes through, its children are looked at by themselves: carried along, they are
unchanged. ``wording_changed`` says of moved, renumbered, split and merged provisions whether the
words changed too. ``similarity`` is the share of common syllables, from 0 to 1. ``doubtful``
mappings rest on little likeness or have a rival nearly as good: a person should confirm them.

Words that are few, or stand more than once in a version ("Bãi bỏ."), say nothing by themselves:
they follow their article and take none with them. The numbers of the pieces of a split or merged
provision are part of what is shown, not of what counts as wording.
"""

from __future__ import annotations

from consult.drafts.comparison.compare import compare, word_diffs, wording
from consult.drafts.comparison.model import KINDS, Change, Comparable, Comparison, Segment, Unit
from consult.drafts.comparison.wording import diff

__all__ = [
    "KINDS",
    "Change",
    "Comparable",
    "Comparison",
    "Segment",
    "Unit",
    "compare",
    "diff",
    "word_diffs",
    "wording",
]
