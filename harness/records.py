"""The vocabulary: every stage reads and writes these frozen records and nothing else.

Ranges are half-open, in characters. A value that could not be computed is ``None`` with a ``reason``, never 0 or NaN.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Label = Literal["supported", "contradicted", "absent", "uncertain"]
LABELS: tuple[Label, ...] = ("supported", "contradicted", "absent", "uncertain")

Importance = Literal["essential", "supporting", "detail"]
FactKind = Literal["event", "number", "date", "name", "quote", "attribution", "cause"]

Use = Literal["coverage", "grounding"]
"""coverage: does the summary state a fact? grounding: does the article support a claim of the summary?"""


@dataclass(frozen=True, slots=True)
class Span:
    """A passage of a text."""

    start: int
    end: int
    text: str

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def part(self, start: int, end: int) -> Span:
        """Return ``text[start:end]`` with its offsets in the whole text."""
        return Span(self.start + start, self.start + end, self.text[start:end])


# What people wrote -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of an article, such as its headline or body, or one of its documents."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """A text to be summarised. ``text`` is verbatim; offsets into an article count from the start of ``text``."""

    id: str
    text: str
    title: str = ""
    language: str = "en"
    """RFC 5646 tag, e.g. ``en`` or ``pt-BR``."""
    date: str | None = None
    """ISO 8601 date of publication, if known."""
    source: str = ""
    parts: tuple[Part, ...] = ()
    path: str = ""
    """The article's file, as the user would type it."""
    documents: tuple[Part, ...] = ()
    """The documents that the text consists of; empty for a single document."""

    def name_documents(self, span: Span) -> str:
        """Name the documents that a passage is from, or return '' if the article is a single document."""
        return " and ".join(each.name for each in self.documents if each.start < span.end and span.start < each.end)

    @property
    def context(self) -> tuple[str, ...]:
        """The language, unless it is English. Verdicts depend on it."""
        return () if self.language == "en" else (self.language,)

    @property
    def body(self) -> str:
        """The part named ``body``, or the text without a first line that repeats the title, e.g. as ``# Title``."""
        part = next((part for part in self.parts if part.name == "body"), None)
        if part is not None:
            return self.text[part.start : part.end]
        first, _, rest = self.text.lstrip().partition("\n")
        return rest.lstrip() if first.strip() in (self.title, f"# {self.title}") and rest.strip() else self.text


@dataclass(frozen=True, slots=True)
class Reference:
    """A summary that a person wrote."""

    id: str
    text: str
    shape: str = ""
    """The kind of summary, e.g. ``bullets``; '' if unknown."""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One checkable statement that the article makes."""

    id: str
    statement: str
    importance: Importance = "supporting"
    kind: FactKind = "event"
    evidence: Span | None = None
    """The passage that states the fact; None if no passage was named."""
    accepted: tuple[str, ...] = ()
    """Other wordings with the same meaning."""
    contradictions: tuple[str, ...] = ()
    """Plausible false versions of the statement, which the article contradicts."""
    unreviewed: bool = False
    """True if harness suggested the fact and nobody has reviewed it yet."""


@dataclass(frozen=True, slots=True)
class Item:
    """One article with its references and facts."""

    article: Article
    references: tuple[Reference, ...] = ()
    facts: tuple[Fact, ...] = ()


# Generation --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request for one summary."""

    id: str
    """Hash of everything that the answer depends on."""
    item: Item
    system: str
    messages: tuple[Message, ...]
    """The rendered prompt; empty for a baseline, which reads the item itself."""
    sample: int
    seed: int
    """The random seed for models that sample. Every request of a run has its own."""
    variant: str | None = None
    """If the model replays a file, the system's name in it; otherwise None."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A model's answer to one request. If ``text`` is None, ``reason`` says why."""

    request_id: str
    text: str | None
    reason: str | None = None
    finish: Literal["stop", "length", "none"] = "stop"
    """stop: the model ended the text; length: the token limit left it unfinished; none: there is no text."""
    cut: str | None = None
    """Description of the parts of the prompt that were cut to fit the context; None if nothing was cut."""
    prompt_tokens: int | None = None
    new_tokens: int | None = None
    """Number of generated tokens, including reasoning that was removed; None if unknown."""
    seconds: float | None = None
    """The request's share of its batch's wall time."""
    price: float | None = None
    """Cost in the currency of the model's prices; None without prices."""
    transient: bool = False
    """True for failures that a retry may fix, such as a time-out; the next run then asks again."""
    reference_id: str | None = None
    """Id of the reference that the text copies; the text is not scored against this reference."""


class Place(NamedTuple):
    """The identity of a summary in a run."""

    system: str
    article_id: str
    sample: int
    """Index of the summary among those of the same system and article, from 0."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of ``summaries.jsonl``: a generation with its system, article and sample number."""

    key: str
    """The request's id."""
    system: str
    article_id: str
    sample: int
    generation: Generation

    @property
    def text(self) -> str | None:
        return self.generation.text

    @property
    def reason(self) -> str | None:
        return self.generation.reason

    @property
    def place(self) -> Place:
        return Place(self.system, self.article_id, self.sample)


Role = Literal["system", "floor", "ceiling"]
"""system: the system is under test. floor: a baseline that reads only the article. ceiling: a system that has seen the
references."""


@dataclass(frozen=True, slots=True)
class System:
    """One model with one prompt, or a baseline with none: a row of every table."""

    name: str
    model: str
    """The model's name in the config."""
    kind: str
    """The model's kind, e.g. ``hf_causal``."""
    prompt: str | None
    """The prompt's name; None for a baseline."""
    variant: str | None
    """If the model replays a file, the system's name in it; otherwise None."""
    signature: str
    """Signature (see ``signature.py``) of everything that the output depends on, except the article."""
    role: Role = "system"


# Verification ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """A question to a verifier: does the premise support the hypothesis?"""

    premise: str
    hypothesis: str
    accepted: tuple[str, ...] = ()
    """Other wordings of the hypothesis. The verdict is for the wording that the premise supports best."""
    contrasts: tuple[str, ...] = ()
    """False versions of the hypothesis; a premise that supports one of them contradicts the hypothesis."""
    language: str = "en"
    """RFC 5646 tag of the article's language."""
    facts: tuple[str, ...] = ()
    """Facts that, according to an editor, the premise supports; the hypothesis is checked against them too."""
    of_summary: bool = False
    """True if the premise is a summary or a list of facts. Verifiers then treat it as short, whatever its length."""
    denied: str = ""
    """The statement of the fact that lists this exact hypothesis as a false version; '' if no fact does."""
    false_versions: tuple[tuple[str, str], ...] = ()
    """Pairs of a false version and its fact's statement. A hypothesis that entails the false version but not the
    statement is not supported."""

    @classmethod
    def of_fact(cls, premise: str, fact: Fact, article: Article) -> Pair:
        """Make the pair that asks whether a premise supports a fact of the article."""
        return cls(premise, fact.statement, fact.accepted, fact.contradictions, article.language, of_summary=True)

    @classmethod
    def of_claim(cls, article: Article, claim: str) -> Pair:
        """Make the pair that asks whether an article supports a claim."""
        return cls(article.text, claim, language=article.language)

    @property
    def against_facts(self) -> Pair:
        """The pair that asks whether the facts alone, one per line, support the hypothesis."""
        return Pair("\n".join(self.facts), self.hypothesis, language=self.language, of_summary=True)

    def converse(self, text: str) -> Pair:
        """Make the pair that asks whether the hypothesis alone supports a text from the premise."""
        return Pair(self.hypothesis, text, language=self.language, of_summary=True)

    def with_hypothesis(self, text: str) -> Pair:
        """Make a pair of this premise and another hypothesis, without accepted wordings, contrasts and facts."""
        return Pair(self.premise, text, language=self.language, of_summary=self.of_summary)


@dataclass(frozen=True, slots=True)
class Probabilities:
    """The probability of each label except ``uncertain``; they sum to 1."""

    supported: float
    contradicted: float
    absent: float

    @property
    def values(self) -> tuple[float, float, float]:
        return self.supported, self.contradicted, self.absent

    def require_valid(self) -> None:
        if not (min(self.values) >= -0.001 and abs(sum(self.values) - 1) <= 0.001):  # servers round; NaN also fails
            raise ValueError(f"probabilities must be in 0..1 and sum to 1, not {self.values}")


DifferenceKind = Literal["number", "date", "name", "quote", "wording"]
"""wording: any other difference."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value or a wording of the hypothesis that differs from the premise."""

    kind: DifferenceKind
    stated: str
    """The words in the hypothesis."""
    found: Span | None
    """The passage of the premise from which ``stated`` differs; None if no passage corresponds to ``stated``."""


PEOPLE = "people"
"""First word of ``verifier`` in a verdict that people gave, e.g. ``people|ada``."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a pair. ``uncertain`` means that no probability reaches its threshold."""

    label: Label
    probabilities: Probabilities
    evidence: Span | None
    """The passage of the premise that decided the verdict; None if no passage is relevant."""
    verifier: str
    """Signature of the verifier that gave the verdict."""
    reason: str | None = None
    """An explanation, e.g. why the verifier abstained; None if the verifier gives none."""
    transient: bool = False
    """True for failures that a retry may fix, such as a time-out; the next run then asks again."""
    differences: tuple[Difference, ...] = ()
    """The values and words that do not match; empty if the hypothesis is supported or the verifier names none."""
    abstained: bool = False
    """True if the verifier could not judge the pair; its probabilities then mean nothing."""

    def __post_init__(self) -> None:
        if not self.abstained:
            self.probabilities.require_valid()


class CheckId(NamedTuple):
    """The identity of a check in a run."""

    place: Place
    use: Use
    target: str
    """The fact's id (coverage), or the claim's number in its summary, from 0 (grounding)."""


@dataclass(frozen=True, slots=True)
class Check:
    """A line of ``verdicts.jsonl``: the verdict on a fact in a summary, or on a claim of a summary."""

    key: str
    """Hash of everything that the verdict depends on."""
    system: str
    article_id: str
    sample: int
    use: Use
    target: str
    hypothesis: str
    claim: Span | None
    """The passage of the summary that is the claim (grounding); None for coverage."""
    verdict: Verdict

    def __post_init__(self) -> None:
        if self.use == "grounding" and not self.target.isdecimal():
            raise ValueError(f"target must be the claim's number, counted from 0, not {self.target!r}")

    @property
    def place(self) -> Place:
        return Place(self.system, self.article_id, self.sample)

    @property
    def identity(self) -> CheckId:
        return CheckId(self.place, self.use, self.target)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A verifier's agreement with people's labels that it was not fitted on."""

    data: str
    """Name of the labelled data, e.g. ``REALSumm`` or ``labels.jsonl``."""
    groups: int
    """Number of groups of dependent labels; usually the labels of one article are one group."""
    rows: int
    """Number of labels."""
    balanced_accuracy: float | None
    """Balanced accuracy of supported against not supported; guessing gives 0.5."""
    auc: float | None
    """Area under the ROC curve of P(supported); guessing gives 0.5."""
    ece: float | None
    """Expected calibration error of P(supported)."""
    source: str
    """Where the numbers are from: a model card or a calibration file."""
    date: str
    """ISO 8601 day of the measurement."""
    fitted: Mapping[str, str] = field(default_factory=dict)
    """File name → SHA-256 of the data that the verifier was fitted on. Agreement with that data is too optimistic."""
    out_of_fold: Mapping[str, float] = field(default_factory=dict)
    """Name of a further measure → its value on data that the verifier was not fitted on."""
    caution: str = ""
    """Why the numbers may not apply to the verifier as it is configured; '' if they apply."""


# Judged qualities --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """A scorer's question to a language model about summaries of one article; the answer is one of ``choices``."""

    key: str
    """Hash of everything that the answer depends on."""
    article_id: str
    systems: tuple[str, ...]
    """The systems whose summaries the question shows, in order."""
    messages: tuple[Message, ...]
    mark: str
    """An id that the answer must repeat."""
    choices: tuple[str, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """A line of ``judgements.jsonl``: the answer to a question. If ``choice`` is None, ``reason`` says why."""

    key: str
    """The question's key."""
    article_id: str
    scorer: str
    """The scorer's name in the run."""
    systems: tuple[str, ...]
    choice: str | None
    probabilities: Mapping[str, float] = field(default_factory=dict)
    """Choice → probability, from the server's logprobs; empty if the server sends none."""
    explanation: str = ""
    reason: str | None = None
    transient: bool = False
    """True for failures that a retry may fix, such as a time-out; the next run then asks again."""
    prompt_tokens: int | None = None
    new_tokens: int | None = None
    price: float | None = None
    """Cost in the currency of the scorer's prices; None without prices."""


# People's labels of verdicts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """The information that an annotator saw besides the premise and the hypothesis."""

    blind: bool
    """True if the verdict and the system's name were hidden."""
    evidence: tuple[Span, ...] = ()
    """The passages that were marked in the premise."""
    label: Label | None = None
    """The verifier's label, if the annotator saw it."""
    system: str | None = None
    """The system's name, if the annotator saw it."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A line of ``labels.jsonl``: a person's label of a pair, or the withdrawal of an earlier line.

    The label counts in every run that checks the same hypothesis against the same premise.
    """

    id: str
    annotator: str
    time: str
    """ISO 8601 with offset."""
    article_id: str
    use: Use
    target: str
    """The fact's id (coverage), or the claim's number in its summary, from 0 (grounding)."""
    hypothesis: str
    premise_hash: str
    """Hash of the summary (coverage) or of the article's text (grounding)."""
    label: Label | None
    """uncertain: the annotator could not decide. None: this line withdraws the line that ``replaces`` names."""
    shown: Shown
    premise: str | None = None
    """The summary (coverage); None if the premise is the article (grounding)."""
    probability: float | None = None
    """Inclusion probability: the pair's rank (from 1) in the queue's random order, divided by the queue's length.
    None if the pair was not drawn at random, if its verdict was visible, or if nobody knows how it was chosen."""
    replaces: str | None = None
    """Id of the earlier line that this line replaces or withdraws."""
    note: str = ""

    @property
    def pair_key(self) -> tuple[Use, str, str]:
        """The labelled pair: use, hypothesis and hash of the premise."""
        return self.use, self.hypothesis, self.premise_hash


# Scoring -----------------------------------------------------------------------------------------------------------


MetricFormat = Literal["share", "number", "count", "seconds"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that a scorer computes for each summary."""

    name: str
    title: str
    better: Literal["higher", "lower", "neither"] = "higher"
    format: MetricFormat = "share"
    headline: bool = False
    """True if the leaderboard shows the metric; the full table shows every metric."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a scorer may read about one summary."""

    item: Item
    summary: Summary
    checks: tuple[Check, ...] = ()
    """The verdicts: people's if there are any, else the verifier's."""
    automatic: tuple[Check, ...] | None = None
    """The verifier's own verdicts, if people overruled any; else None."""
    scores: Mapping[str, Score] = field(default_factory=dict, compare=False)
    """Metric → score of the summary, for the metrics that the scorer ``needs``."""
    others: tuple[Summary, ...] = field(default=(), compare=False)
    """Other systems' summaries of the article."""
    judgements: Mapping[str, Judgement] = field(default_factory=dict, compare=False)
    """Question's key → answer, for the scorer's questions about the article."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references to compare the summary with: all except the one that the summary copies."""
        copied = self.summary.generation.reference_id
        return tuple(reference for reference in self.item.references if reference.id != copied)


@dataclass(frozen=True, slots=True)
class Score:
    """A line of ``scores.jsonl``: one metric of one summary."""

    system: str
    article_id: str
    sample: int
    metric: str
    value: float | None
    signature: str
    reason: str | None = None
    """Why there is no value; None if there is one."""
    names: tuple[str, ...] = ()
    """Names of the things that the value counts, e.g. the essential facts that the summary lacks."""
    automatic: float | None = None
    """The value according to the verifier alone, if people's labels change it."""
    automatic_reason: str | None = None
    """Why the verifier alone gives no value, if people's labels give one."""

    @property
    def place(self) -> Place:
        return Place(self.system, self.article_id, self.sample)


# The run -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """Numbers of records that a stage made, took from the cache, kept from an earlier try and failed to make."""

    name: str
    made: int
    cached: int
    kept: int
    failed: int
    seconds: float
    problems: tuple[str, ...] = ()
    """The failures, one line each."""


@dataclass(frozen=True, slots=True)
class FileState:
    """The state of a record file when its run finished, so that later commands can tell whether the file changed."""

    lines: int
    sha256: str


Status = Literal["running", "complete", "interrupted"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """``manifest.json``: everything needed to repeat a run, without secrets and without the path of the home folder."""

    format: int
    name: str
    status: Status
    started: str
    """ISO 8601 with offset."""
    finished: str | None
    """ISO 8601 with offset; None until the run and its scoring end."""
    seed: int
    config: Mapping[str, object]
    """The config after ``extends``, variables and overrides, with paths relative to the run's folder."""
    config_file: str
    systems: tuple[System, ...]
    articles: Mapping[str, str]
    """Article id → hash of its text and title."""
    references: Mapping[str, str]
    """Article id → hash of its references."""
    facts: Mapping[str, str]
    """Article id → hash of its facts."""
    verifier: str
    """The verifier's signature."""
    scorers: Mapping[str, str]
    """Scorer's name → its signature."""
    labels: str = ""
    """Hash of the labels in the reports; empty if unknown."""
    overrides: tuple[str, ...] = ()
    """The changes that ``--set`` made to the config, e.g. ``models.smollm2.max_new_tokens=80``."""
    judged_by: tuple[str, ...] = ()
    """The options of ``harness score`` that changed ``config``, as typed: ``--config FILE``, ``--set KEY=VALUE``."""
    contexts: str = ""
    """Hash of the articles' languages, on which verdicts depend; empty if unknown."""
    models: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Model name → ``Plugin.depends`` of the model, e.g. the checksum of its weights."""
    packages: Mapping[str, str] = field(default_factory=dict)
    """Package → installed version."""
    git: Mapping[str, str] = field(default_factory=dict)
    """Commit of the working directory, and whether it has changes; empty outside a repository."""
    machine: Mapping[str, str] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    problems: tuple[str, ...] = ()
    """The failures, one line each."""
    notices: tuple[str, ...] = ()
    """Remarks in the report that are not failures, one line each."""
    judging: Mapping[str, str] = field(default_factory=dict)
    """Name of a scorer that asks a language model → description of the model, its answers, tokens and price."""
    agreement: Agreement | None = None
    """The verifier's agreement with people, if it was measured."""
    files: Mapping[str, FileState] = field(default_factory=dict)
    """Name of a record file → its state when the run finished."""
    made_from: str = ""
    """Hash of everything that scores and reports depend on."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Results:
    """A run on disk with its data: everything that a report shows.

    ``summaries``, ``checks`` and ``scores`` may be larger than memory; each iteration reads them from the disk again.
    """

    manifest: Manifest
    items: Sequence[Item]
    summaries: Collection[Summary]
    checks: Collection[Check]
    scores: Collection[Score]
    metrics: tuple[Metric, ...]
    """The metrics of the run's scorers, in the config's order."""
    labels: tuple[Annotation, ...] = ()
    """People's labels of the run's articles, without replaced and withdrawn ones."""
    labels_file: str = ""
    """The file with the labels of all articles, as the user would type it; empty if each article has its own file."""
