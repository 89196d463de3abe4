"""Models, and the code that they share."""

KINDS = {
    "hf_causal": "hf_causal:HFCausal",
    "hf_seq2seq": "hf_seq2seq:HFSeq2Seq",
    "human": "human:Human",
    "lead": "lead:Lead",
    "openai_api": "openai_api:OpenAIAPI",
    "oracle": "oracle:Oracle",
    "replay": "replay:Replay",
    "textrank": "textrank:TextRank",
}
"""Kind → its module and class."""
