"""Ask servers with an OpenAI-compatible API, for models, verifiers and scorers."""
