"""Ask servers that speak OpenAI's protocol, for models and verifiers."""
