namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The GPT lecture's trainings, all from seed 1337: weights, estimates and batches come from one stream, as in PyTorch. About
/// four minutes together on one thread.
/// </summary>
public sealed class GptLongTrainingTests
{
    private const int Steps = 5000;

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-057")]
    public void Positions_alone_are_no_better_than_the_bigram() => Reaches(GptStages.Positions, 2.5f);

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-059")]
    public void Four_heads_reach_2_28() => Reaches(GptStages.FourHeads, 2.28f);

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-060")]
    [Trait("Number", "L07-061")]
    public void Layers_for_each_place_reach_2_24_and_three_blocks_of_both_are_worse()
    {
        float feedForward = Reaches(GptStages.FeedForward, 2.24f);
        float blocks = Train(GptStages.Blocks).Validation;
        Assert.True(blocks - feedForward >= 0.05f, $"{blocks} after {feedForward}");
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-062")]
    public void Residuals_reach_2_08_and_more_on_the_training_text()
    {
        (float training, float validation) = Train(GptStages.Residual);
        Assert.Equal(2.08f, validation, 0.05f);
        Assert.True(training < validation);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-063")]
    public void Norms_reach_2_06() => Reaches(GptStages.Norms, 2.06f);

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-064")]
    public void A_last_norm_reaches_2_07() => Reaches(GptStages.LastNorm, 2.07f);

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-058")]
    [Trait("Number", "ON-007")]
    [Trait("Number", "ON-008")]
    [Trait("Number", "ON-009")]
    public void One_head_writes_the_log_of_the_notes()
    {
        (float Training, float Validation)[] notes =
        [
            (4.2000f, 4.2047f), (2.9418f, 2.9574f), (2.6309f, 2.6456f), (2.5385f, 2.5451f), (2.5040f, 2.5033f), (2.4695f, 2.4808f),
            (2.4520f, 2.4641f), (2.4385f, 2.4422f), (2.4241f, 2.4419f), (2.4122f, 2.4340f), (2.4227f, 2.4241f), (2.4159f, 2.4231f),
            (2.4055f, 2.4177f), (2.4023f, 2.4179f), (2.3958f, 2.4302f), (2.3888f, 2.4024f), (2.3838f, 2.4043f),
        ];
        List<(int Step, float Training, float Validation)> log = Log(GptStages.OneHead, 300);
        Assert.Equal(notes.Length, log.Count(line => line.Step % 300 == 0));
        foreach (((int step, float training, float validation), (float Training, float Validation) expected) in log.Zip(notes))
        {
            Report(step, training, validation);
            Assert.Equal(expected.Training, training, 0.005f);
            Assert.Equal(expected.Validation, validation, 0.005f);
        }

        Assert.Equal(2.4f, log[^1].Validation, 0.05f);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L07-081")]
    [Trait("Number", "L07-082")]
    public void The_model_for_CPUs_goes_down_as_the_released_one()
    {
        Dictionary<int, (float Training, float Validation)> released = new()
        {
            [0] = (4.4116f, 4.4022f),
            [500] = (2.297f, 2.313f),
            [1000] = (2.102f, 2.129f),
            [2000] = (1.883f, 1.995f),
            [4999] = (1.666f, 1.825f),
        };
        RandomGenerator random = new(1337);
        LectureGpt model = ForCpus(random);
        GptText.Shakespeare.Train(model, Steps, 1e-3f, 16, random, 100, (step, training, validation) =>
        {
            if (released.TryGetValue(step, out (float Training, float Validation) expected))
            {
                Report(step, training, validation);
                float tolerance = step == 0 ? 2e-4f : 0.03f;
                Assert.Equal(expected.Training, training, tolerance);
                Assert.Equal(expected.Validation, validation, tolerance);
            }
        });
    }

    // As released: scores are divided by the root of the width, not of the head's size.
    private static LectureGpt ForCpus(RandomGenerator random) => GptStages.Final(64, 4, 4, 32, random, scale: 1 / MathF.Sqrt(64));

    private static float Reaches(Func<RandomGenerator, LectureGpt> stage, float expected)
    {
        float validation = Train(stage).Validation;
        Assert.Equal(expected, validation, 0.05f);
        return validation;
    }

    private static (float Training, float Validation) Train(Func<RandomGenerator, LectureGpt> stage)
    {
        (int step, float training, float validation) = Log(stage, Steps)[^1];
        Report(step, training, validation);
        return (training, validation);
    }

    private static List<(int Step, float Training, float Validation)> Log(Func<RandomGenerator, LectureGpt> stage, int interval)
    {
        RandomGenerator random = new(1337);
        LectureGpt model = stage(random);
        List<(int, float, float)> log = [];
        GptText.Shakespeare.Train(model, Steps, 1e-3f, 32, random, interval,
            (step, training, validation) => log.Add((step, training, validation)));
        return log;
    }

    private static void Report(int step, float training, float validation)
        => TestContext.Current.SendDiagnosticMessage($"step {step}: train {training}, validation {validation}");
}
