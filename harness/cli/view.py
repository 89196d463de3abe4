"""``harness view``."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli.options import PATH


@click.command()
@click.argument("results", type=PATH, default="results")
@click.option(
    "--references", multiple=True, type=PATH, default=["references"], show_default=True,
    help="Folder that articles are in, beside those that the runs name; as often as needed.",
)  # fmt: skip  # one option
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default: 8421, or the next free one).")
@click.option("--host", help="Listen on this address of the machine too, for other machines.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def command(results: Path, references: tuple[Path, ...], port: int | None, host: str | None, no_browser: bool) -> None:
    """Show the runs in RESULTS (default: results), articles and facts in the browser, until Ctrl-C.

    RESULTS may also be one run. The pages open only by the address that is printed, and only on this machine unless
    --host is given.
    """
    from harness.view import serve

    serve.serve(serve.Binding(results, references, port, host, browser=not no_browser), click.echo)
