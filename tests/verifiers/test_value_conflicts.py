"""Values that differ, in languages that ``entailment`` does not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from harness.records import Pair
from harness.verifiers.entailment import Entailment
from harness.verifiers.value_conflicts import find_conflict

STATEMENTS = Path(__file__).with_name("value_statements.yaml")
PREMISES = {
    "de": "Die neue Brücke in Bremen kostete 45 Mio. Euro. Am 3. Mai 2024 kamen 1.500 Gäste zur Eröffnung. "
    "Die Brücke entlastet 12,5 Prozent der Haushalte. Deutschland lieferte den Stahl am Montag. "
    "Bei einem Unfall starben drei Arbeiter. Der Umbau der Halle kostete mehr als 20 Millionen Euro.",
    "fr": "Le nouveau pont de Nantes a coûté 1,5 Md €. Le 3 mai 2024, 1 500 invités ont assisté à l'inauguration. "
    "Le pont soulage 12,5 % des ménages. La France a livré l'acier lundi. Trois ouvriers sont morts dans un accident. "
    "La rénovation de la halle a coûté plus de 20 millions d'euros.",
    "es": "El nuevo puente de Sevilla costó 45 millones de euros. El 3 de mayo de 2024, 1.500 invitados asistieron a "
    "la inauguración. El puente alivia al 12,5 % de los hogares. España entregó el acero el lunes. Tres obreros "
    "murieron en un accidente. La reforma del mercado costó más de 20 millones de euros.",
    "zh": "新大桥耗资4500万元。2024年5月3日，1500名嘉宾出席了开幕仪式。大桥惠及12.5%的家庭。"
    "德国星期一交付了钢材。三名工人在事故中死亡。市场改造耗资超过2000万元。",
}
CONFLICTS = [
    ("de", "Die neue Brücke in Bremen kostete 54 Mio. Euro.", "45 Mio. Euro"),
    ("de", "Die Brücke in Bremen kostete 45 Mrd. Euro.", "45 Mio. Euro"),
    ("de", "Die neue Brücke in Bremen kostete 45 Millionen Dollar.", "45 Mio. Euro"),
    ("de", "Zur Eröffnung am 3. Mai 2024 kamen 2.500 Gäste.", "1.500"),
    ("de", "Am 13.05.2024 kamen 1500 Gäste zur Eröffnung.", "3. Mai 2024"),
    ("de", "Die Brücke entlastet 15,2 % der Haushalte.", "12,5 Prozent"),
    ("de", "Frankreich lieferte den Stahl.", "Deutschland"),
    ("de", "Deutschland lieferte den Stahl am Dienstag.", "Montag"),
    ("de", "Bei dem Unfall starben acht Arbeiter.", "drei"),
    ("fr", "Le nouveau pont de Nantes a coûté 2,5 milliards d'euros.", "1,5 Md €"),
    ("fr", "Le pont de Nantes a coûté 1,5 million d'euros.", "1,5 Md €"),
    ("fr", "Le pont de Nantes a coûté 1,5 milliard de dollars.", "1,5 Md €"),
    ("fr", "Le 3 mai 2024, 2 500 invités ont assisté à l'inauguration.", "1 500"),
    ("fr", "Le 13/05/2024, 1500 invités ont assisté à l'inauguration.", "3 mai 2024"),
    ("fr", "Le pont soulage 15,2 pour cent des ménages.", "12,5 %"),
    ("fr", "L'Allemagne a livré l'acier.", "France"),
    ("fr", "La France a livré l'acier mardi.", "lundi"),
    ("fr", "Huit ouvriers sont morts dans l'accident.", "Trois"),
    ("es", "El nuevo puente de Sevilla costó 54 millones de euros.", "45 millones de euros"),
    ("es", "El puente de Sevilla costó 45 mil millones de euros.", "45 millones de euros"),
    ("es", "El puente de Sevilla costó 45 millones de dólares.", "45 millones de euros"),
    ("es", "El 3 de mayo de 2024 asistieron a la inauguración 2.500 invitados.", "1.500"),
    ("es", "El 13/05/2024, 1500 invitados asistieron a la inauguración.", "3 de mayo de 2024"),
    ("es", "El puente alivia al 15,2 por ciento de los hogares.", "12,5 %"),
    ("es", "Francia entregó el acero.", "España"),
    ("es", "España entregó el acero el martes.", "lunes"),
    ("es", "Ocho obreros murieron en el accidente.", "Tres"),
    ("zh", "新大桥耗资5400万元。", "4500万元"),
    ("zh", "大桥耗资4500亿元。", "4500万元"),
    ("zh", "新大桥耗资4500万美元。", "4500万元"),
    ("zh", "2024年5月3日，2500名嘉宾出席开幕仪式。", "1500"),
    ("zh", "2024年5月13日，1500名嘉宾出席开幕仪式。", "2024年5月3日"),
    ("zh", "大桥惠及百分之十五的家庭。", "12.5%"),
    ("zh", "法国交付了钢材。", "德国"),
    ("zh", "德国周二交付了钢材。", "星期一"),
    ("zh", "八名工人在事故中死亡。", "三"),
]
UNDECIDED = [
    ("de", "Die Brücke in Bremen kostete 45 Millionen Euro."),
    ("de", "Die Brücke kostete 45.000.000 €."),
    ("de", "Am 03.05.2024 kamen 1 500 Gäste zur Eröffnung."),
    ("de", "Zur Eröffnung kamen 1500 Gäste."),
    ("de", "Bei dem Unfall starben 3 Arbeiter."),
    ("de", "Die neue Brücke in Bremen kostete nicht 54 Mio. Euro."),
    ("de", "Die neue Brücke in Bremen kostete mehr als 40 Mio. Euro."),
    ("de", "Der Umbau der Halle kostete 24 Millionen Euro."),  # the premise only says more than 20
    ("de", "Das Stadion in Bremen kostete 54 Mio. Euro."),
    ("de", "Die neue Brücke in Hamburg kostete 54 Mio. Euro."),
    ("de", "Die neue Brücke in Bremen kostete 65 Mio. Euro."),  # 45 + 20
    ("fr", "Le pont de Nantes a coûté 1,5 milliard d'euros."),
    ("fr", "Le pont a coûté 1 500 000 000 €."),
    ("fr", "Le 03/05/2024, 1500 invités ont assisté à l'inauguration."),
    ("fr", "Le pont soulage 12,5 pour cent des ménages."),
    ("fr", "3 ouvriers sont morts dans un accident."),
    ("fr", "Le nouveau pont de Nantes n'a pas coûté 2,5 Md €."),
    ("fr", "Le nouveau pont de Nantes a coûté plus de 2 Md €."),
    ("fr", "La rénovation de la halle a coûté 24 millions d'euros."),
    ("fr", "Le stade de Rennes a coûté 2,5 Md €."),
    ("es", "El puente de Sevilla costó 45.000.000 de euros."),
    ("es", "El 03/05/2024, 1 500 invitados asistieron a la inauguración."),
    ("es", "El puente alivia al 12,5 por ciento de los hogares."),
    ("es", "3 obreros murieron en un accidente."),
    ("es", "El puente costó 45 M€."),
    ("es", "El nuevo puente de Sevilla no costó 54 millones de euros."),
    ("es", "El nuevo puente de Sevilla costó más de 40 millones de euros."),
    ("es", "La reforma del mercado costó 24 millones de euros."),
    ("es", "El puente de Cádiz costó 54 millones de euros."),
    ("zh", "大桥耗资0.45亿元。"),
    ("zh", "新大桥耗资四千五百万元。"),
    ("zh", "新大桥耗资人民币4500万。"),
    ("zh", "5月3日，1,500名嘉宾出席开幕仪式。"),
    ("zh", "大桥惠及百分之12.5的家庭。"),
    ("zh", "两名司机在事故中死亡。"),
    ("zh", "新大桥没有耗资5400万元。"),
    ("zh", "新大桥耗资超过4000万元。"),
    ("zh", "市场改造耗资2400万元。"),
    ("zh", "新机场耗资5400万元。"),
]
ANOTHER_PART = [
    (
        "de",
        "2022 verkaufte die Firma 45 Mio. Autos. 2023 verkaufte die Firma 50 Mio. Autos.",
        "Die Firma verkaufte in zwei Jahren 95 Mio. Autos.",
    ),
    (
        "de",
        "2022 verkaufte die Firma 45 Mio. Autos. 2023 verkaufte die Firma 50 Mio. Autos.",
        "2023 verkaufte die Firma 50 Mio. Autos.",
    ),
    ("de", "In Frankreich leben 68 Mio. Menschen, in Deutschland 84 Mio.", "In Deutschland leben 84 Mio. Menschen."),
    ("de", "In der Nacht zum 4. Mai brannte die Halle in Köln ab.", "Am 3. Mai brannte die Halle in Köln ab."),
    ("de", "Vom 3. bis 5. Mai dauert das Fest in Köln.", "Das Fest in Köln dauert bis 5. Mai."),
    ("de", "Vom 3. bis 5. Mai dauert das Fest in Köln.", "Am 3. Mai beginnt das Fest in Köln."),
    ("de", "Die Firma beschäftigt in Berlin 1.240 Mitarbeiter.", "Die Firma beschäftigt 2.140 Mitarbeiter."),
    ("de", "Das Paar hat zwei Söhne und drei Töchter.", "Das Paar hat drei Töchter und zwei Söhne."),
    (
        "de",
        "Ein Dutzend Menschen starb bei dem Brand in Köln. Zwei Menschen starben später.",
        "Bei dem Brand in Köln starben 12 Menschen.",
    ),
    (
        "de",
        "Zweihundert Menschen kamen zum Fest. Später kamen noch 50 Menschen zum Fest.",
        "250 Menschen kamen zum Fest.",
    ),
    (
        "de",
        "Der Bau kostete anderthalb Millionen Euro. Der Rat hatte 2 Millionen Euro eingeplant.",
        "Der Bau kostete 1,5 Millionen Euro.",
    ),
    ("de", "Die Partei erhielt 12 Sitze, die Union 30 Sitze.", "Die Union erhielt 30 Sitze."),
    ("de", "Der Umsatz stieg um 5 Prozent auf 45 Mio. Euro.", "Der Umsatz stieg auf 45 Mio. Euro."),
    ("de", "Der Umsatz stieg von 40 auf 45 Mio. Euro.", "Der Umsatz lag zuvor bei 40 Mio. Euro."),
    (
        "de",
        "Im ersten Halbjahr lag der Umsatz bei 45 Mio. Euro.",
        "Im zweiten Halbjahr lag der Umsatz bei 52 Mio. Euro.",
    ),
    ("de", "16 Räte stimmten für den Plan, 15 Räte dagegen.", "15 Räte stimmten gegen den Plan."),
    ("de", "Berlin gewann 3:2 gegen Bremen.", "Bremen verlor 2:3 gegen Berlin."),
    (
        "fr",
        "Un million et demi d'euros ont été versés à Nantes. Lyon a reçu 2 millions d'euros.",
        "1,5 million d'euros ont été versés à Nantes.",
    ),
    (
        "fr",
        "45 % des hommes de la région approuvent la nouvelle loi.",
        "55 % des hommes de la région rejettent la nouvelle loi.",
    ),
    (
        "fr",
        "45 personnes ont été tuées dans l'attentat de Nice.",
        "54 personnes ont été blessées dans l'attentat de Nice.",
    ),
    (
        "fr",
        "Dans la nuit de lundi à mardi, un incendie a détruit la halle de Nantes.",
        "Un incendie a détruit la halle de Nantes dans la nuit de mardi.",
    ),
    ("fr", "Deux cents personnes sont venues à la fête de Nantes.", "200 personnes sont venues à la fête de Nantes."),
    ("fr", "Le prix passe de 5 à 7 euros à Nantes.", "Le prix était de 5 euros à Nantes."),
    ("fr", "Entre 40 et 45 millions d'euros seront versés à Nantes.", "40 millions d'euros seront versés à Nantes."),
    ("fr", "Le film dure 90 minutes.", "Le film dure une heure et 30 minutes."),
    (
        "fr",
        "Une vingtaine d'élèves sont restés à Lyon. 8 élèves sont restés à Nantes.",
        "20 élèves sont restés à Lyon.",
    ),
    (
        "es",
        "El 45 % de los hombres de la región apoya la nueva ley.",
        "El 55 % de los hombres de la región rechaza la nueva ley.",
    ),
    (
        "es",
        "La empresa ganó 45 millones de euros en Perú y 30 millones de euros en Chile.",
        "La empresa ganó 75 millones de euros.",
    ),
    ("es", "Trabajó tres años en Madrid y dos años en París.", "Trabajó cinco años."),
    ("es", "El precio subió un 5 % hasta 45 euros.", "El precio subió hasta 45 euros."),
    (
        "es",
        "Mil quinientas personas asistieron al acto de Sevilla. Cien personas protestaron.",
        "1.500 personas asistieron al acto de Sevilla.",
    ),
    ("es", "El acto duró dos horas y media.", "El acto duró 150 minutos."),
    (
        "es",
        "El jugador marcó dos goles en el primer partido y uno en el segundo partido.",
        "El jugador marcó tres goles.",
    ),
    ("es", "Entre el 3 y el 5 de mayo se celebra la feria de Sevilla.", "La feria de Sevilla empieza el 3 de mayo."),
    ("zh", "公司去年盈利1亿2000万元。", "公司去年盈利1.2亿元。"),
    ("zh", "公司上半年盈利4500万元，下半年盈利5500万元。", "公司全年盈利1亿元。"),
    ("zh", "公司上半年盈利4500万元。", "公司下半年盈利5500万元。"),
    ("zh", "北京公司去年售出45辆汽车。", "上海公司去年售出54辆汽车。"),
    ("zh", "比赛持续了三个半小时。", "比赛持续了3.5个小时。"),
    ("zh", "会议从5月3日持续到5月5日。", "会议5月3日开始。"),
    ("zh", "男性占45%。", "女性占55%。"),
    ("zh", "十多人在事故中受伤，三人死亡。", "12人在事故中受伤。"),
    ("zh", "每公斤价格从5元涨到7元。", "每公斤价格为5元。"),
    ("zh", "大约两成的学生缺席。30%的教师缺席。", "20%的学生缺席。"),
]
"""Premises with another value of the same kind for another thing, time or part; all statements may be true."""


@pytest.mark.parametrize(("language", "statement", "found"), CONFLICTS)
def test_value_that_differs_from_its_counterpart_is_a_conflict(language: str, statement: str, found: str) -> None:
    conflict = find_conflict(Pair(PREMISES[language], statement, language=language), {"en"})
    assert conflict is not None
    (difference,) = conflict.differences
    assert difference.found is not None
    assert difference.found.text == found
    assert PREMISES[language][difference.found.start : difference.found.end] == found
    assert conflict.evidence is not None
    assert difference.found.overlaps(conflict.evidence)


@pytest.mark.parametrize(("language", "statement"), UNDECIDED)
def test_equal_values_and_statements_without_a_counterpart_are_undecided(language: str, statement: str) -> None:
    assert find_conflict(Pair(PREMISES[language], statement, language=language), {"en"}) is None


@pytest.mark.parametrize(("language", "premise", "statement"), ANOTHER_PART)
def test_value_of_another_thing_is_no_conflict(language: str, premise: str, statement: str) -> None:
    assert find_conflict(Pair(premise, statement, language=language), {"en"}) is None


@pytest.mark.parametrize(("language", "contradicted"), [("de", 6), ("fr", 9), ("es", 9), ("zh", 8)])
@pytest.mark.parametrize("is_declared", [True, False])
def test_statements_about_articles(language: str, contradicted: int, is_declared: bool) -> None:
    """The numbers of the table in docs/choosing-a-verifier.md."""
    texts = YAML(typ="safe").load(STATEMENTS)[language]
    tag = language if is_declared else "en"  # else the language is detected

    def conflicts(which: str) -> int:
        assert len(texts[which]) == 10
        pairs = (Pair(texts["article"], statement, language=tag) for statement in texts[which])
        return sum(find_conflict(pair, {"en"}) is not None for pair in pairs)

    assert (conflicts("true"), conflicts("false")) == (0, contradicted)


def test_premise_value_in_an_accepted_wording_is_no_conflict() -> None:
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


@pytest.mark.slow
def test_entailment_contradicts_by_value_and_abstains_otherwise() -> None:
    statements = ("Die neue Brücke in Bremen kostete 54 Mio. Euro.", "Die Brücke in Bremen ist hässlich.")
    conflict, other = Entailment().verify([Pair(PREMISES["de"], text, language="de") for text in statements])
    assert (conflict.label, conflict.abstained) == ("contradicted", False)
    assert conflict.reason == "the premise says 45 Mio. Euro where the statement says 54 Mio. Euro"
    assert (other.label, other.abstained) == ("uncertain", True)
    assert other.reason == "the texts are in 'de', but entailment reads only en"
