"""A long article is summarised part by part, and the summaries of its parts are summarised, until one is left.

Every call puts the prompt's own question, to a part or to the summaries in place of the article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import Field

from harness.models._context import how_read, parts, without_cut_sentence
from harness.models.strategy import Draft, Strategy
from harness.records import Article, Generation, Item, Message, Request, Step
from harness.seams import GenerativeModel
from harness.text import sentences_depend, words


class MapReduce(Strategy):
    """A model that reads an article in parts; one that is short enough is read at once."""

    part_words: int = Field(600, ge=50)
    """Words of a part at the most; parts are of like length and end with a sentence."""

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **sentences_depend()}

    def calls(self, item: Item) -> int:
        """One for each part and, with several parts, one for their summaries; more where those are long."""
        count = len(_parts(item.article.text, item.article.language, self.part_words))
        return (count + (count > 1)) * self.base.calls(item)

    def summarise(self, drafts: Sequence[Draft]) -> Iterable[Generation]:
        readings = [_PartwiseReading(draft, self.part_words) for draft in drafts]
        while readings:
            yield from (reading.draft.generation(None, reading.how) for reading in readings if not reading.parts)
            readings = [reading for reading in readings if reading.parts]
            calls = [(reading.draft, each) for reading in readings for each in reading.requests(self.base)]
            answers = iter(self.call(calls))
            for reading in readings:
                reading.add_answers([next(answers) for _ in reading.parts])


class _PartwiseReading:
    """The state of one article's reading: its parts in this round, and the rounds so far."""

    def __init__(self, draft: Draft, limit: int) -> None:
        self.draft, self._limit = draft, limit
        self._text = _article_in_prompt(draft.request.messages, draft.request.item.article)
        self._article_text = self._text
        """The article as the prompt has it, in whose place the parts are put."""
        self._counts: list[int] = []
        self._shortened = 0
        self.parts = self._divided() if self._text else []
        """What is read in this round; nothing where the reading is over."""
        if not self._text:
            draft.fail("the prompt does not hold the article as it is, so that no part can stand in its place")

    def requests(self, base: GenerativeModel) -> Iterator[Request]:
        """The prompt with each of the parts in place of the article, wherever it stands."""
        request = self.draft.request
        for number, part in enumerate(self.parts, start=1):
            messages = [Message(each.role, each.content.replace(self._article_text, part)) for each in request.messages]
            name = f"round {len(self._counts) + 1} part {number}"
            request_of_part = self.draft.base_request(base, name, messages)
            article = replace(request.item.article, text=part, parts=())
            yield replace(request_of_part, item=replace(request.item, article=article))

    def add_answers(self, answers: Sequence[Generation]) -> None:
        """Take the summaries of this round's parts: the last, or what the next round reads."""
        count = len(self.parts)
        self._counts.append(count)
        unanswered = next((answer for answer in answers if answer.text is None), None)
        if unanswered is not None:
            self.draft.fail(unanswered.reason, unanswered.transient)
        if unanswered is not None or count == 1:
            self.parts = []
            return
        texts = [self._read_on(answer) for answer in answers]
        self.draft.steps += [Step(f"part {number} of {count}", text) for number, text in enumerate(texts, start=1)]
        read, self._text = self._text, "\n\n".join(texts)
        if len(words(self._text)) >= len(words(read)):
            self.draft.fail("the summaries of its parts are no shorter than the parts; lower the length of a summary")
        self.parts = [] if self.draft.failure else self._divided()

    @property
    def how(self) -> str | None:
        """In how many parts it was read."""
        return None if self.draft.failure else how_read(self._counts, self._shortened)

    def _read_on(self, answer: Generation) -> str:
        """What the next round reads of a part's summary: no sentence that the token limit cut off."""
        written = answer.text or ""
        if answer.finish != "length":
            return written
        text = without_cut_sentence(written, self.draft.request.item.article.language)
        self._shortened += text != written
        return text

    def _divided(self) -> list[str]:
        return _parts(self._text, self.draft.request.item.article.language, self._limit)


def _parts(text: str, language: str, limit: int) -> list[str]:
    return parts(text, language, lambda part: len(words(part)), limit)


def _article_in_prompt(messages: Sequence[Message], article: Article) -> str:
    """The article as it stands in the messages; an empty text where it stands in none."""
    for text in (article.text.strip(), article.body.strip()):
        if text and any(text in message.content for message in messages):
            return text
    return ""
