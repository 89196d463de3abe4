"""The report of a run: in the terminal, as Markdown, as one HTML page or many.

``report`` and ``article`` collect what is shown; ``document`` puts it together from ``answer`` (the recommendation),
``tables``, ``findings`` (the errors), ``trust`` and ``picture``; ``html`` and ``pages`` write it. ``tally`` counts
verdicts and ``scores`` averages metrics. Sentences stand in the code that decides whether to say them.
"""
