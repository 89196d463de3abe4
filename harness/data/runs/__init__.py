"""The folder of a run, ``results/<run>/``.

results        RunFolder: its manifest and records; the lock of who writes it
record_file    a JSONL file of records, appended as they are made
"""
