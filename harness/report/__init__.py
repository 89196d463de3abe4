"""The report of a run: in the terminal, as Markdown, as one HTML page or many.

``report`` and ``article`` collect the contents; ``document`` assembles them from ``answer`` (the recommendation),
``tables`` and ``trust``, and lists the errors; ``pages`` writes HTML; ``tally`` counts verdicts; ``scores`` averages.
"""
