"""The stages of a run: generate, verify, score. Each reads the records of the one before it.

``pending`` tracks the open questions for a model or a verifier. ``notices`` writes what readers should know besides
failures.
"""
