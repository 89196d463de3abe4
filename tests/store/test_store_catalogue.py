"""The list: names as people write them, and checksums that anyone can repeat."""

from __future__ import annotations

import re

import pytest

from harness import store
from harness.errors import UsageError
from harness.store.catalogue import Packaged


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("SmolLM2-135M-Instruct", "smollm2-135m-instruct"),
        ("all-MiniLM-L6-v2", "all-minilm-l6-v2"),
        ("en_core_web_sm", "en-core-web-sm"),
        (" EN-core_WEB-sm ", "en-core-web-sm"),
    ],
)
def test_names_are_found_in_their_usual_spellings(written: str, name: str) -> None:
    assert store.entry(written).name == name


def test_an_unknown_name_is_told_the_nearest_and_all() -> None:
    with pytest.raises(UsageError) as caught:
        store.entry("smollm2-135m")
    assert str(caught.value) == (
        "there is no packaged model 'smollm2-135m'; did you mean smollm2-135m-instruct? "
        "There are: smollm2-135m-instruct, all-minilm-l6-v2, all-mpnet-base-v2, en-core-web-sm"
    )


def test_a_name_near_to_none_gets_the_list_alone() -> None:
    with pytest.raises(UsageError, match=r"^there is no packaged model 'zzz'\. There are: smollm2"):
        store.entry("zzz")


def test_the_checksum_of_one_file_is_the_files_own() -> None:
    assert store.checksum("smollm2-135m-instruct").startswith("b179c9523d0e")


def test_the_checksum_of_a_folder_is_that_of_its_listing() -> None:
    """Made by other tools: find . -type f -printf "%P\n" | LC_ALL=C sort | xargs sha256sum | sha256sum."""
    assert store.checksum("en_core_web_sm") == "33f105858880b36a4e078f36662dfa24def41b6ea189bab1d1f8d1fa692a865c"
    assert store.checksum("all-MiniLM-L6-v2") == "f64e2d9f0d70692eb78c9c16881dab276b793952bbf4600e782d4c88ab1acc66"


@pytest.mark.parametrize("packaged", store.CATALOGUE, ids=store.names())
def test_every_entry_is_pinned_throughout(packaged: Packaged) -> None:
    checksums = [*(wheel.sha256 for wheel in packaged.wheels), *(file.sha256 for file in packaged.files)]
    assert all(re.fullmatch(r"[0-9a-f]{64}", checksum) for checksum in checksums)
    assert packaged.hub is None or re.fullmatch(r"[0-9a-f]{40}", packaged.hub.revision)
    paths = [file.path for file in packaged.files]
    assert len(set(paths)) == len(paths)
    assert not any(path.startswith(("/", "..")) for path in paths)
    assert not packaged.main or packaged.main in paths
    assert (len(packaged.wheels) > 1) == (packaged.archive is not None)
    assert packaged.licence in {"Apache-2.0", "MIT"}
