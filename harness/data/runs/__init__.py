"""The folder of a run, ``results/<run>/``.

results        RunFolder: its manifest and records; the lock of who writes it
record_file    a JSONL file of records, appended as they are made
hashes         the hashes of very many articles, beside the manifest
trust          whether a manifest that may come from anybody is followed
mirror         a run at a URL: worked on in a copy, which is sent there
check          whether all of a run is there: ``harness doctor RUN``
"""
