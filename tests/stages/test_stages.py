"""The stages generate, verify and score without the pipeline around them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import builders
import pytest
from builders import case, coverage, fact
from loopback import MODEL, Reply, as_json, completion, judgement, serve
from memory_run import annotation

from harness import config, pipeline
from harness.compare.table import without_labels
from harness.config.plan import SHARD
from harness.data.cache import NoCache
from harness.data.labels import People, pair_key
from harness.data.runs import results
from harness.engines import Engine, Work
from harness.errors import ModelError
from harness.records import Article, Fact, Pair
from harness.scorers.verdicts import FactRecall
from harness.scorers.wording import Length
from harness.stages.generate import Generate, is_refusal
from harness.stages.pending import Pending
from harness.stages.score import add_automatic, build_cases, score
from harness.stages.verify import Shards, Verify, list_pending_checks, verify_pairs
from harness.verifiers.judge import Judge

SUMMARY = "Phil Smith, who was 25, fell from a fence. He died in May and was buried in Hull."


class Backwards(Engine):
    """An engine that takes all batches, as with many workers, and answers them in reverse order."""

    def batch_size(self, work: Work) -> int:
        return SHARD

    def map(self, work: Work, batches: Iterable[Sequence[Any]]) -> Iterator[tuple[Sequence[Any], Iterator[Any]]]:
        for batch in reversed(list(batches)):
            yield batch, work.answer(batch)


def test_equal_articles_in_two_shards_all_get_their_answers(tmp_path: Path) -> None:
    count = SHARD + 5
    row = {"text": "The council of the town met on Monday. It voted.", "facts": ["The council met."]}
    loaded = config.load(builders.write_config(tmp_path, *({"id": str(number), **row} for number in range(count))))
    planned = pipeline.plan(loaded)
    with results.lock_run(tmp_path / "out") as folder:
        generate = Generate(planned, folder, NoCache(), Backwards())
        generate.keep()
        generate.run()
        shards = Shards(planned.items, planned.systems, folder)
        verify = Verify(shards, loaded.verifier, NoCache(), Backwards())
        verify.keep()
        verify.run()
    for file, expected in ((folder.summaries, count), (folder.checks, 3 * count)):  # no line is written twice
        assert len(file) == len(list(file)) == expected
    assert (verify.stage.made, verify.stage.failed, verify.stage.problems) == (3 * count, 0, ())


def test_missing_answers_are_counted_by_their_reasons_without_ids() -> None:
    pending = Pending[str, str](str)
    pending.expected = 9
    pending.reasons.update({"500 (req_01ab)": 2, "503": 3, "500 (req_02cd)": 2, "500 (req_03ef)": 2})
    problem = "served: 9 of 9 answers missing: 500 (req_01ab) (3 of them for other reasons); the next run asks again"
    assert pending.list_problems("served", "answers missing") == [problem]


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("I'm sorry, but I can't help with that", True),
        ("I’m sorry, I can’t help you with this request.", True),
        ("As an AI language model, I cannot summarize this article, because it is violent.", True),
        ("I apologize, but as a large language model, I am unable to provide a\nsummary.", True),
        ("Unfortunately, I won't be able to create such content. However, I can help with other texts.", True),
        ("'I'm sorry, but I can't go on,' the mayor said.", False),
        ("“I cannot assist with this request,” the mayor said.", False),
        ("I am unable to write any more content.", False),  # copied from the article
        ("I cannot help thinking of the article.", False),
        ("I cannot summarize the article in one sentence. Here is a summary in two: The mayor resigned.", False),
        (f"I cannot assist with this request. {'The mayor resigned. ' * 19}", False),
    ],
)
def test_only_a_short_text_that_begins_with_a_refusal_is_one(text: str, refuses: bool) -> None:
    assert is_refusal(text, Article("a", "“I am unable to write any more content,” she said.")) == refuses


def test_facts_are_checked_before_claims() -> None:
    item = builders.item("An article.", facts=[fact("one")])
    asked = list_pending_checks([item], [builders.summary(SUMMARY), builders.summary(None)], "verifier")
    assert [(*each.identity[1:], each.pair.hypothesis) for each in asked] == [
        ("coverage", "one", "statement of one"),
        ("grounding", "0", "Phil Smith, who was 25, fell from a fence."),
        ("grounding", "1", "He died in May and was buried in Hull."),
    ]


def test_key_separates_languages_from_facts_that_look_like_them() -> None:
    plain, with_fact = builders.item("An article."), builders.item("An article.", facts=[Fact("a", "2025-03-01")])
    other = replace(plain, article=replace(plain.article, language="2025-03-01"))
    asked = [
        list(list_pending_checks([each], [builders.summary("2025-03-01 it was.")], "verifier"))[-1]
        for each in (plain, other, with_fact)
    ]
    assert asked[-1].pair.facts == ("2025-03-01",)
    assert len({each.key for each in asked}) == 3


def test_verdicts_before_a_server_failure_are_kept() -> None:
    def failing(request: dict[str, Any], before: int) -> Reply:
        if before >= 10:
            return as_json({"error": {"message": "the key was withdrawn"}}, 401)
        return completion(judgement(request, "absent", ""))

    pairs = [(number, Pair("Talks went on all night.", f"Deal {number} was signed.")) for number in range(20)]
    with serve(failing) as server:
        lines = verify_pairs(pairs, Judge(model=MODEL, base_url=server.url, concurrency=1))
        kept = [json.loads(line) for line in islice(lines, 8)]
        with pytest.raises(ModelError, match="the key was withdrawn"):
            next(lines)
    assert [(each["id"], each["label"]) for each in kept] == [(number, "absent") for number in range(8)]


def test_score_changed_by_a_label_keeps_its_automatic_value() -> None:
    """The verifier finds one of two facts, and Ada finds both; labels do not change the length."""
    text, verdicts = "A summary.", coverage({"one": "supported", "two": "absent"})
    given = case(text, builders.item("The article.", facts=[fact("one"), fact("two")]), verdicts)
    label = annotation(pair_key("coverage", "statement of two", text), "supported")
    automatic = {}
    for labels in ([label], []):
        made = build_cases([given.item], [given.summary], given.checks, People(labels))
        scorers = (FactRecall(), Length())
        scores = add_automatic(scorers, made, score(scorers, made)[0])
        found = {each.metric: (each.value, each.automatic) for each in scores}
        automatic[len(labels)] = found["fact_recall"], found["words"]
    assert automatic == {1: ((1.0, 0.5), (2.0, None)), 0: ((0.5, None), (2.0, None))}


def test_verifier_alone_has_no_value_if_it_abstained_on_everything() -> None:
    text, silent = "A summary.", replace(builders.verdict("uncertain"), abstained=True, reason="unknown language")
    given = case(text, builders.item("The article.", facts=[fact("one")]), coverage({"one": silent}))
    label = annotation(pair_key("coverage", "statement of one", text), "supported")
    made = build_cases([given.item], [given.summary], given.checks, People([label]))
    recall = add_automatic([FactRecall()], made, score([FactRecall()], made)[0])[0]
    alone = without_labels(recall)
    assert (recall.value, recall.reason, alone.value) == (1.0, None, None)
    assert alone.reason == "the verifier abstained on all facts (1): unknown language"
