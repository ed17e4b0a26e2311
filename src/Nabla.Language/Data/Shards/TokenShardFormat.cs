using System.Text.Json.Serialization;

namespace Nabla.Language.Data;

/// <summary>How a shard of tokens is stored; the names of the members are the endings of the files.</summary>
public enum TokenShardFormat
{
    /// <summary>An npy file of one dimension, uint16, or uint32 where the vocabulary is larger than 65,536.</summary>
    Npy,

    /// <summary>llm.c's file of tokens, see <see cref="LlmcTokenFile"/>.</summary>
    Bin,
}

/// <summary>What a shard is for.</summary>
public enum TokenSplit
{
    /// <summary>To learn from.</summary>
    [JsonStringEnumMemberName("train")]
    Train,

    /// <summary>Only to be measured on.</summary>
    [JsonStringEnumMemberName("val")]
    Val,
}
