"""The stages under an engine that takes all batches before it answers the first, as one with many workers does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from harness import config, pipeline
from harness.config.plan import SHARD
from harness.data.cache import NoCache
from harness.data.runs import results
from harness.engines import Work
from harness.stages.generate import Generate
from harness.stages.verify import Shards, Verify


class Backwards:
    """Takes all batches, and answers the last one first."""

    def batch_size(self, work: Work) -> int:
        return SHARD

    def map(self, work: Work, batches: Iterable[Sequence[Any]]) -> Iterator[tuple[Sequence[Any], Iterator[Any]]]:
        for batch in reversed(list(batches)):
            yield batch, iter(getattr(work.worker, work.method)(batch))


def test_shards_share_their_questions(tmp_path: Path) -> None:
    """Articles that are word for word the same, in two shards."""
    count = SHARD + 5
    row = {"text": "The council of the town met on Monday. It voted.", "facts": ["The council met."]}
    rows = (json.dumps({"id": str(number), **row}) for number in range(count))
    (tmp_path / "articles.jsonl").write_text("\n".join(rows), encoding="utf-8")
    path = tmp_path / "run.yaml"
    path.write_text("articles: articles.jsonl\nmodels: {lead: {kind: lead}}\nverifier: lexical\nscorers: [length]\n")
    loaded = config.load(path)
    planned = pipeline.plan(loaded)
    with results.lock_run(tmp_path / "out") as folder:
        generate = Generate(planned, folder, NoCache(), Backwards())
        generate.keep()
        generate.run()
        shards = Shards(planned.items, planned.systems, folder)
        verify = Verify(shards, loaded.verifier, NoCache(), Backwards())
        verify.keep()
        verify.run()
    assert Counter(made.article_id for made in folder.summaries.read()) == {str(n): 1 for n in range(count)}
    assert Counter(check.article_id for check in folder.checks.read()) == {str(n): 3 for n in range(count)}
    assert (verify.stage.made, verify.stage.failed, verify.problems) == (3 * count, 0, [])
