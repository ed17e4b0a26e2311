namespace Nabla;

/// <summary>What becomes of the losses of the single rows or elements.</summary>
public enum LossReduction
{
    /// <summary>Their mean, a scalar.</summary>
    Mean,

    /// <summary>Their sum, a scalar.</summary>
    Sum,

    /// <summary>They stay as they are.</summary>
    None,
}
