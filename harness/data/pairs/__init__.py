"""Premises and hypotheses in files of their own, without a run.

unlabelled    what ``harness verify`` reads
labelled      what people said of them: JSONL that a verifier is measured against; data_set reads it from ``datasets``
"""
