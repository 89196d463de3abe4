"""The stages of a run: suggest facts, generate, verify, judge, score. Each reads the records of the one before it.

``pending`` tracks the open questions for a model or a verifier. ``notices`` writes notices that are not failures.
"""
