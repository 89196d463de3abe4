"""Verifiers and metrics, measured against human labels."""
