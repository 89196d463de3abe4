"""Units of numbers: currencies, measures with their factor to a base unit, parts of a whole."""

from __future__ import annotations

from decimal import Decimal

CURRENCIES = {
    "£": "pound", "#": "pound", "pound": "pound", "pounds": "pound", "quid": "pound", "gbp": "pound",
    "$": "dollar", "dollar": "dollar", "dollars": "dollar", "usd": "dollar",
    "€": "euro", "euro": "euro", "euros": "euro", "eur": "euro", "¥": "yen", "yen": "yen",
}  # fmt: skip  # a table; ASCII transcripts of British papers have "#" for £

COUNTRIES = {
    "a": "australia", "au": "australia", "c": "canada", "ca": "canada", "nz": "zealand", "hk": "hong", "nt": "taiwan",
    "s": "singapore", "r": "brazil",
}  # fmt: skip  # a table
"""Prefix of a currency sign → its country; US$ and other names are read as nations."""

PERCENT = frozenset({"%", "percent", "percentage", "pct"})

_MEASURES = (
    ("metre", "1", "m metre metres meter meters"),
    ("metre", "1000", "km kms kilometre kilometres kilometer kilometers"),
    ("metre", "1609.344", "mile miles"),
    ("metre", "0.3048", "ft foot feet"),
    ("metre", "0.0254", "inch inches"),
    ("metre", "0.01", "cm centimetre centimetres centimeter centimeters"),
    ("metre", "0.001", "mm millimetre millimetres millimeter millimeters"),
    ("metre", "0.9144", "yard yards yd yds"),
    ("gram", "1", "g gram grams"),
    ("gram", "1000", "kg kgs kilo kilos kilogram kilograms"),
    ("gram", "453.592", "lb lbs"),
    ("gram", "6350.288", "stone"),
    ("gram", "28.3495", "oz ounce ounces"),
    ("gram", "1000000", "tonne tonnes ton tons"),
    ("second", "1", "sec secs second seconds"),
    ("second", "60", "min mins minute minutes"),
    ("second", "3600", "hour hours hr hrs"),
    ("second", "86400", "day days"),
    ("second", "604800", "week weeks"),
    ("second", "2629800", "month months"),
    ("second", "31557600", "year years yr yrs"),
    ("second", "315576000", "decade decades"),
    ("second", "3155760000", "century centuries"),
    ("mile an hour", "1", "mph"),
    ("mile an hour", "0.621371", "kph kmh"),
    ("degree", "1", "degree degrees"),
    ("litre", "1", "litre litres liter liters"),
)
MEASURES = {form: (unit, Decimal(factor)) for unit, factor, forms in _MEASURES for form in forms.split()}

PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5,
    "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip  # a table
IMPLIED = {
    "couple": 2, "pair": 2, "duo": 2, "twins": 2, "twin": 2, "both": 2, "twice": 2, "double": 2, "brace": 2,
    "doubled": 2, "trio": 3, "treble": 3, "triple": 3, "tripled": 3, "triplets": 3, "quartet": 4,
    "once": 1, "single": 1, "sole": 1, "lone": 1, "another": 1,
}  # fmt: skip  # a table
