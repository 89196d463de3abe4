"""A decision model in this process: transformers' decision pipeline around any chat model, or a model made for it."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from harness.errors import ModelError
from harness.servers.no_answer import NoAnswer, shown
from harness.weights.device import enough_memory

if TYPE_CHECKING:
    from transformers import DecisionPipeline

    from harness.weights.checkpoint import Checkpoint
    from harness.weights.source import ModelSource

_TASK: Final = "decision"


class Local:
    """Answers System One requests by one forward pass a question."""

    def __init__(self, pipeline: DecisionPipeline, name: str, max_context: int | None) -> None:
        self._pipeline, self._name = pipeline, name
        own = getattr(pipeline.model.config.get_text_config(), "max_position_embeddings", None)
        self._room = min(own or math.inf, max_context or math.inf)

    def answers(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answers by the names of their questions; NoAnswer where a prompt does not fit the model's context.

        These are the pipeline's own steps, with a look at the length between them: it cuts nothing, and reads on
        past the positions that the model was trained for.
        """
        try:
            inputs = self._pipeline.preprocess(request)
            longest = max(prompt["input_ids"].shape[-1] for prompt, _ in inputs["prompts"])
            if longest > self._room:
                raise NoAnswer(
                    f"the prompt has {longest:,} tokens and {self._name} takes {self._room:,}; lower window_words"
                )
            with enough_memory(f"{self._name} with a prompt of {longest:,} tokens", "lower window_words"):
                answers: dict[str, Any] = self._pipeline.postprocess(self._pipeline.forward(inputs))
        except ValueError as error:  # no chat template, or labels that are several tokens
            raise ModelError(f"{self._name} answers no decisions ({shown(str(error))}); take a chat model") from error
        return answers


def must_be_there() -> None:
    """ModelError where this version of transformers has no decision pipeline."""
    from transformers.pipelines import PIPELINE_REGISTRY

    if _TASK not in PIPELINE_REGISTRY.get_supported_tasks():
        raise ModelError(
            "this version of transformers has no decision pipeline; update it (pip install -U transformers), "
            "or ask a server that answers POST /v1/systemone: set base_url"
        )


def around(checkpoint: Checkpoint) -> DecisionPipeline:
    """The pipeline around a chat model, which it has answer by the logits of the options' letters."""
    from transformers import DecisionPipeline

    return DecisionPipeline(model=checkpoint.model, tokenizer=checkpoint.tokenizer)


def has_head(source: ModelSource, revision: str | None) -> bool:
    """Whether a model was made to decide: it is ``…ForDecision``, or such a head lies beside its weights."""
    from transformers import MODEL_FOR_DECISION_MAPPING, PreTrainedConfig
    from transformers.utils.hub import cached_file

    if source.kind in ("packaged", "gguf"):
        return False
    name = str(source.path) if source.kind == "folder" else source.name
    try:
        config, _ = PreTrainedConfig.get_config_dict(name, revision=revision)
        # The files of a head lie beside the weights that it reads.
        extra = (getattr(config_class, "extra_config_files", ()) for config_class in MODEL_FOR_DECISION_MAPPING)
        files = set(chain.from_iterable(extra))
        beside = (
            cached_file(name, file, revision=revision, _raise_exceptions_for_missing_entries=False)
            for file in sorted(files)
        )
        architectures = config.get("architectures") or ()
        return any(name.endswith("ForDecision") for name in architectures) or any(beside)
    except OSError:  # nothing is there: loading it says what to do
        return False


def headed(source: ModelSource, revision: str | None, dtype: str, device: str) -> DecisionPipeline:
    """The pipeline of a model that was made to decide."""
    from transformers import pipeline

    name = str(source.path) if source.kind == "folder" else source.name
    number = "float32" if dtype == "auto" and device == "cpu" else dtype
    try:
        with enough_memory(source.name, "take a smaller model, or dtype: bfloat16"):
            where: dict[str, Any] = {"revision": revision, "trust_remote_code": source.trusted}
            return pipeline(_TASK, model=name, dtype=number, device=device, **where)
    except ModelError:  # of enough_memory
        raise
    except Exception as error:  # the loaders' errors have no common base
        raise ModelError(
            f"{source.name} cannot be loaded ({shown(str(error))}); see whether its files are whole"
        ) from error
