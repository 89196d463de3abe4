"""Asking servers that speak OpenAI's protocol, for the models and the verifiers that do."""
