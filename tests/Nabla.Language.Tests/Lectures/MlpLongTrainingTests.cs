namespace Nabla.Language.Tests.Lectures;

/// <summary>The third lecture's trainings of ten thousand steps and more, together about a minute.</summary>
public sealed class MlpLongTrainingTests
{
    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L03-049")]
    [Trait("Number", "L03-050")]
    [Trait("Number", "L03-051")]
    [Trait("Number", "L03-052")]
    public void On_all_names_the_small_network_beats_the_bigrams()
    {
        LectureMlp model = new(2, 100);
        model.Train(NameContexts.All, 10_000, 0.1f);
        Assert.Equal(2.48f, Report(model.Loss(NameContexts.All)), 0.06f);

        model.Train(NameContexts.All, 10_000, 0.1f);
        Assert.Equal(2.46f, Report(model.Loss(NameContexts.All)), 0.08f);

        model.Train(NameContexts.All, 10_000, 0.1f);
        model.Train(NameContexts.All, 10_000, 0.01f);
        float loss = Report(model.Loss(NameContexts.All));
        Assert.Equal(2.3f, loss, 0.06f);
        Assert.InRange(loss, 0, 2.45f);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L03-054")]
    [Trait("Number", "L03-055")]
    public void The_small_network_underfits()
    {
        LectureMlp model = new(2, 100);
        model.Train(NameContexts.Split.Train, 30_000, 0.1f);
        model.Train(NameContexts.Split.Train, 10_000, 0.01f);

        (float train, float dev) = Losses(model);
        Assert.Equal(2.3f, dev, 0.06f);
        Assert.Equal(0, dev - train, 0.03f);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L03-057")]
    [Trait("Number", "L03-058")]
    [Trait("Number", "L03-065")]
    public void A_hidden_layer_of_300_is_held_back_by_embeddings_of_two()
    {
        LectureMlp model = new(2, 300);
        model.Train(NameContexts.Split.Train, 30_000, 0.1f);
        Assert.Equal(2.5f, Losses(model).Dev, 0.2f);

        model.Train(NameContexts.Split.Train, 30_000, 0.1f);
        model.Train(NameContexts.Split.Train, 30_000, 0.05f);
        model.Train(NameContexts.Split.Train, 30_000, 0.01f);
        (float train, float dev) = Losses(model);
        Assert.Equal(2.23f, train, 0.06f);
        Assert.Equal(2.24f, dev, 0.06f);

        char[] byIsolation = [.. "abcdefghijklmnopqrstuvwxyz".OrderByDescending(letter => NearestNeighbour(model.Table, letter))];
        TestContext.Current.SendDiagnosticMessage($"most isolated first: {new string(byIsolation)}");
        Assert.Contains('q', byIsolation[..3]);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L03-060")]
    [Trait("Number", "L03-061")]
    [Trait("Number", "L03-062")]
    public void Embeddings_of_ten_reach_2_19()
    {
        LectureMlp model = new(10, 200);
        model.Train(NameContexts.Split.Train, 50_000, 0.1f);
        (float train, float dev) = Losses(model);
        Assert.Equal(2.3f, train, 0.08f);
        Assert.Equal(2.38f, dev, 0.08f);

        model.Train(NameContexts.Split.Train, 50_000, 0.01f);
        (train, dev) = Losses(model);
        Assert.Equal(2.17f, train, 0.04f);
        Assert.Equal(2.2f, dev, 0.04f);

        model.Train(NameContexts.Split.Train, 50_000, 0.01f);
        (train, dev) = Losses(model);
        Assert.Equal(2.16f, train, 0.04f);
        Assert.Equal(2.19f, dev, 0.04f);
        Assert.InRange(dev, 0, 2.32f);
    }

    /// <remarks>bench/peers/makemore_mlp.py is the same training, of the same random numbers, in PyTorch: dev 2.1667.</remarks>
    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L03-063")]
    public void The_final_network_reaches_2_17()
    {
        LectureMlp model = new(10, 200);
        model.Train(NameContexts.Split.Train, 100_000, 0.1f);
        model.Train(NameContexts.Split.Train, 100_000, 0.01f);

        float dev = Losses(model).Dev;
        Assert.Equal(2.17f, dev, 0.03f);
        Assert.InRange(dev, 0, 2.19f);
        Assert.Equal(2.1667f, dev, 0.02f);
    }

    private static double NearestNeighbour(Tensor table, char letter)
    {
        Tensor squares = (table.Detach() - table.Detach()[NameBigrams.Id(letter)]).Square().Sum(1);
        return squares.ToArray().Order().ElementAt(1);
    }

    private static (float Train, float Dev) Losses(LectureMlp model)
        => (Report(model.Loss(NameContexts.Split.Train), "train"), Report(model.Loss(NameContexts.Split.Dev), "dev"));

    private static float Report(float loss, string split = "all")
    {
        TestContext.Current.SendDiagnosticMessage($"{split} {loss}");
        return loss;
    }
}
