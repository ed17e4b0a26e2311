using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>The model of a run, as of its last checkpoint.</summary>
internal sealed class SavedRun(RunDirectory run) : SavedModel(run.Path, run.Config.Model)
{
    /// <inheritdoc/>
    public override string Form => "run";

    /// <inheritdoc/>
    public override RunConfig? Run => run.Config;

    /// <inheritdoc/>
    public override bool HasTokenizer => true;

    /// <inheritdoc/>
    public override int? BoundaryId => run.Config.Data.BoundaryId(LoadTokenizer());

    /// <inheritdoc/>
    public override IReadOnlyList<StoredTensor> ReadTensors() => TensorsOf(run.RequireCheckpoint());

    /// <inheritdoc/>
    public override LanguageModel LoadModel() => run.LoadModel();

    /// <inheritdoc/>
    private protected override ITokenizer ReadTokenizer() => run.LoadTokenizer();
}
