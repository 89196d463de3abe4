"""``harness init DIR``."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli.echo import echo

ARTICLE = "tram-vote"
"""The article that a starter project holds."""


@click.command(short_help="Write a starter project: a config, an article, references, facts.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write a starter project into DIR: a config, an article with two references and eight facts, and two summaries.

    It runs as it is, with nothing fetched. Put your own articles beside the first, and its systems into the config.
    """
    from importlib import resources

    from harness.cli.schema import PLACES, text
    from harness.errors import UsageError
    from harness.files import show, write_text

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{show(folder)} is there already; name a folder that is not there yet, or an empty one")
    starter = resources.files("harness.cli") / "starter"
    files = {path: (starter / path).read_text("utf-8") for path in _files()}
    schemas = {str(PLACES[name]): text(name) for name in ("config", "facts")}
    try:
        for name, content in {**files, **schemas, ".gitignore": "/results/\n"}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_text(folder / name, content)
    except OSError as error:
        raise UsageError(f"{show(folder)} cannot be written: {error.strerror}; choose another folder") from None
    echo(f"{show(folder)}: a config, and an article with its references and facts\nnext:")
    echo(f"  cd {show(folder)}\n  harness run configs/base.yaml\n  harness view")


def _files() -> list[str]:
    """The starter's files, by their paths in it."""
    article = f"references/{ARTICLE}"
    references = [f"{article}/references/{name}.md" for name in ("short", "full")]
    return [
        "configs/base.yaml",
        "outputs/summaries.jsonl",
        f"{article}/article.md",
        f"{article}/facts.yaml",
        *references,
    ]
