namespace Nabla.Language;

/// <summary>What kind of fault a training has.</summary>
public enum FindingKind
{
    /// <summary>The first loss is not that of an even guess.</summary>
    FirstLoss,

    /// <summary>A layer's outputs lie in the flat tails of its nonlinearity.</summary>
    SaturatedLayer,

    /// <summary>Units of a layer never let a gradient through.</summary>
    DeadUnits,

    /// <summary>Steps hardly change a parameter.</summary>
    SmallUpdates,

    /// <summary>Steps change a parameter so much that what it learned is lost.</summary>
    LargeUpdates,

    /// <summary>The loss rises.</summary>
    RisingLoss,
}
