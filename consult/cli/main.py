"""The commands' one tree; what a command needs is imported when it runs."""

from __future__ import annotations

import click

from consult.cli import (
    admin,
    archive,
    data,
    drafts,
    duplicates,
    evaluation,
    groups,
    ledger,
    rounds,
    search,
    serving,
    submissions,
    themes,
    vault,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Operate the consultation portal.

    Settings come from the environment (DATABASE_URL, CONSULT_DATA_DIR, CONSULT_BASE_URL …).
    A command that fails says why in one sentence and ends with a code other than 0. With
    --json a command prints JSON and nothing else on its standard output.
    """


for command in (
    serving.serve,
    serving.prepare,
    serving.scheduler,
    drafts.drafts,
    rounds.rounds,
    submissions.submissions,
    search.search,
    search.index,
    rounds.summaries,
    groups.groups,
    rounds.export,
    ledger.ledger,
    vault.vault,
    archive.backup,
    archive.restore,
    data.demo,
    data.db_group,
    admin.admin,
):
    main.add_command(command)
rounds.summaries.add_command(duplicates.duplicates)
rounds.summaries.add_command(evaluation.evaluate)
rounds.summaries.add_command(themes.build)
