"""Which of "he" and "she" goes with a first name, a title or a noun, where that is known."""

from __future__ import annotations

from typing import Literal

Gender = Literal["he", "she"]

# The commonest given names of a century of births, by the US Social Security Administration (public domain), without
# those that many of either sex bear (Jordan, Taylor, Kelly, Leslie); with the commonest short forms.
_MALE_NAMES = """
    aaron adam alan albert alexander andrew andy anthony arthur barry ben benjamin bill billy bob bobby bradley
    brandon brian bruce bryan carl charles charlie christian christopher craig daniel danny dave david dennis derek
    donald douglas dylan ed edward eric ethan eugene floyd frank fred gabriel gareth gary geoffrey george gerald
    glen graham greg gregory harold harry henry howard hugh ian jack jacob james jason jeff jeffrey jeremy jim jimmy
    joe joel john johnny jonathan jose joseph joshua juan justin keith ken kenneth kevin kyle larry lawrence liam
    logan louis luke mark martin mason matt matthew michael mike mohammed muhammad nathan neil nicholas nick nigel
    noah oliver patrick paul peter phil philip phillip ralph randy raymond richard rob robert roger ronald roy
    russell ryan samuel scott sean simon stephen steve steven stuart ted terry thomas tim timothy tom tony trevor
    tyler victor vincent walter wayne william willie zachary
"""
_FEMALE_NAMES = """
    abigail alexis alice alison amanda amber amy andrea angela ann anna anne annie ashley barbara betty beverly
    brenda brittany carol caroline carolyn catherine charlotte cheryl christina christine claire cynthia danielle
    deborah debra denise diana diane donna doris dorothy elizabeth ella ellen emily emma evelyn fiona frances gloria
    grace hannah heather helen isabella jacqueline jane janet janice jean jennifer jenny jessica joan joanna joyce
    judith judy julia julie karen kate katherine kathleen kathryn katie kim kimberly laura lauren linda lisa lori
    louise lucy madison margaret maria marie marilyn martha mary megan melissa michelle mildred nancy natalie nicole
    olivia pamela patricia pauline rachel rebecca rose rosie ruth samantha sandra sara sarah sharon shirley sophia
    sophie stephanie sue susan teresa theresa tiffany tina vanessa victoria virginia wendy zoe
"""
_MALE_NOUNS = """
    actor boy boyfriend brother businessman dad father gentleman grandfather grandson groom husband king lad man mr
    nephew policeman prince sir son spokesman uncle widower
"""
_FEMALE_NOUNS = """
    actress aunt bride businesswoman daughter girl girlfriend granddaughter grandmother lady miss mother mrs ms mum
    niece policewoman princess queen sister spokeswoman widow wife woman
"""


def _table(male: str, female: str) -> dict[str, Gender]:
    found: dict[str, Gender] = dict.fromkeys(male.split(), "he")
    found.update(dict.fromkeys(female.split(), "she"))
    return found


_NAMES = _table(_MALE_NAMES, _FEMALE_NAMES)
_NOUNS = _table(_MALE_NOUNS, _FEMALE_NOUNS)


def of_name(first_name: str) -> Gender | None:
    """The pronoun that goes with a first name; None where that is not known."""
    return _NAMES.get(first_name.lower())


def of_noun(noun: str) -> Gender | None:
    """The pronoun that goes with a noun, in the singular, or a title; None where it may be either, or neither."""
    return _NOUNS.get(noun.lower().rstrip("."))
