"""Runs, systems, prompts or models compared with one another, and the gate that holds a run against a baseline."""
