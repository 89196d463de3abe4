"""Premises and hypotheses in files of their own, without a run.

unlabelled    what ``harness verify`` reads
labelled      people's labels, which a verifier is measured against; data_set reads them with ``datasets``
"""
