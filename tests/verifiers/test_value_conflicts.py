"""Values that differ, in languages that ``entailment`` does not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from harness.records import Pair
from harness.verifiers.cascade import Cascade
from harness.verifiers.entailment import Entailment
from harness.verifiers.lexical import Lexical
from harness.verifiers.locale_names import list_tagger_versions
from harness.verifiers.value_conflicts import find_conflict

STATEMENTS = ("value_statements.yaml", "name_statements.yaml")
CASES = YAML(typ="safe").load(Path(__file__).with_name("value_conflicts.yaml"))
PREMISES = {language: cases["premise"] for language, cases in CASES.items()}


def read_rows(table: str) -> list[tuple[str, ...]]:
    """Return the language and the cells of each line of a table."""
    return [(language, *line.split(" | ")) for language, cases in CASES.items() for line in cases[table].splitlines()]


def conflicts(premise: str, statement: str, tag: str) -> bool:
    return find_conflict(Pair(premise, statement, language=tag), {"en"}) is not None


@pytest.mark.parametrize(("language", "statement", "found"), read_rows("conflicts"))
def test_value_that_differs_from_its_counterpart_is_a_conflict(language: str, statement: str, found: str) -> None:
    conflict = find_conflict(Pair(PREMISES[language], statement, language=language), {"en"})
    assert conflict is not None
    (difference,) = conflict.differences
    assert difference.found is not None
    assert difference.found.text == found
    assert PREMISES[language][difference.found.start : difference.found.end] == found
    assert conflict.evidence is not None
    assert difference.found.overlaps(conflict.evidence)


@pytest.mark.parametrize(
    ("language", "premise", "statement"),
    [*((language, PREMISES[language], text) for language, text in read_rows("undecided")), *read_rows("another_part")],
)
def test_equal_values_and_values_of_another_thing_do_not_conflict(language: str, premise: str, statement: str) -> None:
    assert find_conflict(Pair(premise, statement, language=language), {"en"}) is None


@pytest.mark.parametrize(("language", "contradicted"), [("de", (6, 5)), ("fr", (9, 5)), ("es", (9, 5)), ("zh", (8, 3))])
@pytest.mark.parametrize("is_declared", [True, False])
def test_statements_about_articles(language: str, contradicted: tuple[int, int], is_declared: bool) -> None:
    """The numbers of the table in docs/choosing-a-verifier.md: wrong values, and wrong names."""
    tag = language if is_declared else "en"  # else the language is detected
    for file, expected in zip(STATEMENTS, contradicted, strict=True):
        texts = YAML(typ="safe").load(Path(__file__).with_name(file))[language]
        found = [[conflicts(texts["article"], text, tag) for text in texts[which]] for which in ("true", "false")]
        assert [sum(each) for each in found] == [0, expected]


@pytest.mark.parametrize(("language", "contradicted"), [("de", 9), ("fr", 10), ("es", 9), ("zh", 9)])
def test_examples_of_the_rules_for_names(language: str, contradicted: int) -> None:
    articles = YAML(typ="safe").load(Path(__file__).with_name("name_examples.yaml"))[language]
    false, true = (
        [text for each in articles for text in each[which] if conflicts(each["article"], text, language)]
        for which in ("false", "true")
    )
    assert (len(false), true) == (contradicted, [])


@pytest.mark.parametrize(
    ("language", "premise", "statement", "found"),
    [
        ("de", "Premierministerin Theresa May trat zurück.", "Premierministerin Merkel trat zurück.", "Theresa May"),
        ("de", "Der Konzern Siemens baut ein Werk.", "Der Konzern Bosch baut ein Werk.", "Siemens"),
        ("fr", "Le siège de la ville de Lille ouvre lundi.", "Le siège de la ville de Metz ouvre lundi.", "Lille"),
        ("fr", "Le roman de Leïla Slimani a plu.", "Le roman de Michel Houellebecq a plu.", "Leïla Slimani"),
        ("es", "La ministra de Hacienda Rosa Cano dimitió.", "La ministra de Hacienda Eva Vidal dimitió.", "Rosa Cano"),
        ("zh", "英国首相特雷莎·梅星期五宣布辞职。", "首相默克尔星期五宣布辞职。", "特雷莎·梅"),
    ],
)
def test_name_in_the_place_of_another_is_a_conflict(language: str, premise: str, statement: str, found: str) -> None:
    conflict = find_conflict(Pair(premise, statement, language=language), {"en"})
    assert conflict is not None
    (difference,) = conflict.differences
    assert (difference.kind, difference.found and difference.found.text) == ("name", found)


def test_german_names_are_not_compared_without_the_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.verifiers.locale_names._find_version", lambda package: None)
    assert list_tagger_versions() == {"hanta": "none", "jieba": "none"}
    # the names of the texts of other tests are cached
    pair = Pair("Der Konzern Bayer baut ein Werk.", "Der Konzern Bosch baut ein Werk.", language="de")
    assert find_conflict(pair, {"en"}) is None


def test_premise_value_in_an_accepted_wording_does_not_conflict() -> None:
    statement, accepted = "Die neue Brücke in Bremen kostete 54 Mio. Euro.", "Die Brücke kostete 45 Millionen Euro."
    assert find_conflict(Pair(PREMISES["de"], statement, (accepted,), language="de"), {"en"}) is None


@pytest.mark.parametrize("tag", ["it", "en", "de-XX"])
def test_only_languages_that_are_read_are_compared(tag: str) -> None:
    pair = Pair("La torre costò 45 milioni di euro.", "La torre costò 54 milioni di euro.", language=tag)
    assert find_conflict(pair, {"en"}) is None


def test_notations_of_a_region_are_read() -> None:
    premise, statement = "La obra de Puebla costó 1,500 pesos.", "La obra de Puebla costó 2,500 pesos."
    assert find_conflict(Pair(premise, statement, language="es-MX"), {"en"}) is not None
    assert find_conflict(Pair(premise, statement, language="es"), {"en"}) is None  # 1.5 or 1500


def test_number_with_too_many_digits_is_not_read() -> None:
    premise, statement = (f"Die neue Brücke in Bremen kostete 1.{digit * 30} Euro." for digit in "12")
    assert find_conflict(Pair(premise, statement, language="de"), {"en"}) is None


@pytest.mark.slow
def test_entailment_in_a_cascade_contradicts_by_value_and_abstains_otherwise() -> None:
    statements = ("Die neue Brücke in Bremen kostete 54 Mio. Euro.", "Die Brücke in Bremen ist hässlich.")
    verifier = Cascade(steps=(Lexical(), Entailment()))
    conflict, other = verifier.verify([Pair(PREMISES["de"], text, language="de") for text in statements])
    assert (conflict.label, conflict.abstained) == ("contradicted", False)
    assert conflict.reason == "the premise says 45 Mio. Euro where the statement says 54 Mio. Euro"
    assert (other.label, other.abstained) == ("uncertain", True)
    assert other.reason == "the texts are in 'de', but cascade reads only en"
