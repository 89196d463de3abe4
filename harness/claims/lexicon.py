"""The words that the rules know one by one."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


REPORTING = _words(
    "acknowledge add admit agree allege announce argue believe claim complain concede confirm declare discover emerge "
    "estimate explain fear find hear insist know learn maintain note predict recall report reveal say show state "
    "stress suggest tell testify think understand warn write"
)
"""Verbs: who says "A and B" with one of these says A."""

BONDED = _words("because after since")
"""Conjunctions whose two sides joined are a claim of their own."""

LOOSE = _words("while although though whereas when as")
"""Conjunctions that say little more than their two sides do."""

TEMPORAL = _words("after since when as")
"""Those that speak of what happened only where both sides are in the past: "when prices rise" speaks of what may."""

CONDITIONS = _words("if unless whether until once")
"""Conjunctions whose main clause does not say what is the case."""

HEDGES = _words("allegedly apparently maybe perhaps possibly presumably probably purportedly reportedly supposedly")
"""Adverbs whose clause is not said to be the case, nor what is joined to it."""

RELATIVES = _words("who whom which whose")

QUANTIFIED = _words("no none nobody nothing neither either few little only nor")
""" "No one came and asked" does not say that no one came."""

COLLECTIVE = _words(
    "audience band board club committee council couple crew crowd duo family firm gang government group jury majority "
    "management number pair panel party police public quartet side squad staff team trio union"
)
"""Nouns in the singular that take a verb in the plural as well."""

PREPOSITIONS = _words(
    "according accompanied assuming based beginning compared concerning considering depending excluding following "
    "given including involving owing pending pictured provided regarding speaking starting"
)
"""Participles that say nothing of the subject."""

INTRANSITIVE = _words(
    "agree appear apologise apologize arrive collapse confess continue die disappear emerge escape exist happen last "
    "live matter occur participate plead remain resign respond retire serve stay struggle succeed suffer survive "
    "travel vanish wait work"
)
"""Verbs whose form in -ed is never a passive."""

EMPTY = _words("appear be become emerge happen rain seem snow take")
"""Verbs whose "it" may stand for nothing: "it emerged that …"."""
