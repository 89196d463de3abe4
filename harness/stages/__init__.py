"""The stages of a run: suggest facts, generate, verify, judge, score. Each reads the records of the previous stage.

``pending`` tracks the open questions for a model or a verifier. ``notices`` writes notices that are not failures.
"""
