"""Verifiers: does a premise support a hypothesis? Each kind has a file; the other files are listed below.

To add a kind, list its class in ``KINDS``. The class implements one method: ``predict`` of ``PredictiveVerifier``, or
``predict_statements`` of ``StatementVerifier``, which weighs accepted wordings against false versions. ``lexical`` is
the simplest example. Thresholds, calibration, cascades and ``harness calibrate`` then work without further code.

predictive      ``PredictiveVerifier``, and the model cards of fitted weights
statements      ``StatementVerifier``
decide          ``Prediction``, the result of ``predict``, and how it becomes a label
facts           claims checked against the facts of their article
calibration     the file that ``harness calibrate`` writes
cross_encoder   the models of ``nli``
value_conflicts, locale_values, locale_names    values and names that differ, in languages that a verifier does not read
"""

KINDS = {
    "cascade": "cascade:Cascade",
    "entailment": "entailment:Entailment",
    "judge": "judge:Judge",
    "lexical": "lexical:Lexical",
    "nli": "nli:NLI",
}
"""Kind → its module and class."""
