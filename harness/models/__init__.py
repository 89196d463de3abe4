"""Models, and the code that they share."""

KINDS = {
    "hf_causal": "hf_causal:HFCausal",
    "hf_seq2seq": "hf_seq2seq:HFSeq2Seq",
    "human": "baselines:Human",
    "lead": "baselines:Lead",
    "openai_api": "openai_api:OpenAIAPI",
    "oracle": "baselines:Oracle",
    "replay": "replay:Replay",
    "textrank": "baselines:TextRank",
}
"""Kind → its module and class."""
