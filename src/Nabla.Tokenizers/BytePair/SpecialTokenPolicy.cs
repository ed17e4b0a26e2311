using System.Collections.Frozen;

namespace Nabla.Tokenizers;

/// <summary>What to do where the text of a special token occurs in a text that is encoded.</summary>
public sealed class SpecialTokenPolicy
{
    private readonly FrozenSet<string>? _allowed;

    private SpecialTokenPolicy(FrozenSet<string>? allowed, bool refusesOthers)
    {
        _allowed = allowed;
        RefusesOthers = refusesOthers;
    }

    /// <summary>Encoding throws: the default, for text that comes from users, as in tiktoken.</summary>
    public static SpecialTokenPolicy Refuse { get; } = new([], refusesOthers: true);

    /// <summary>All are encoded as the tokens that they name: for text that one has written oneself.</summary>
    public static SpecialTokenPolicy Allow { get; } = new(null, refusesOthers: false);

    /// <summary>They are text like any other.</summary>
    public static SpecialTokenPolicy AsText { get; } = new([], refusesOthers: false);

    /// <summary>Whether a special token that is not allowed makes encoding throw, rather than being text.</summary>
    public bool RefusesOthers { get; }

    /// <summary>Only the named ones are encoded as tokens.</summary>
    /// <param name="tokens">The texts of those that are allowed.</param>
    /// <param name="refuseOthers">Whether another makes encoding throw, as in tiktoken; else it is text.</param>
    public static SpecialTokenPolicy AllowOnly(IEnumerable<string> tokens, bool refuseOthers = true)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return new SpecialTokenPolicy(tokens.ToFrozenSet(StringComparer.Ordinal), refuseOthers);
    }

    /// <summary>Whether a special token is encoded as the token that it names.</summary>
    public bool Allows(string token) => _allowed is null || _allowed.Contains(token);
}
