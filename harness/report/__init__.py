"""The report of a run: in the terminal, as Markdown, as one HTML page or many.

``tally`` counts verdicts, ``scores`` averages metrics, ``answer`` recommends systems, and ``trust`` rates the verifier.
``report`` and ``article`` collect the contents, ``document`` and ``tables`` lay them out, and ``pages`` writes HTML.
"""
