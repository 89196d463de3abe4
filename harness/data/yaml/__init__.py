"""YAML that people write, read as plain data with the line of every key.

file          Document; load and parse, with errors that say what to type
parser        plain scalars by YAML 1.2, and the parser's errors in words
flow_lists    entries in brackets that a comma of their own has cut
layers        a config over those it extends, under what the command line sets
"""
