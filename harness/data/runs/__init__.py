"""The folder of a run, ``results/<run>/``.

results        RunFolder: the manifest and records of a run; the lock for writing it
record_file    a JSONL file of records, appended as they are made
"""
