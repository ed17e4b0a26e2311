namespace Nabla.Cli.Views;

/// <summary>What is said before the first step.</summary>
internal sealed record TrainingStart(
    string Data,
    int VocabularySize,
    long TrainingTokens,
    long ValidationTokens,
    Nabla.Language.RunConfig Config,
    long ParameterCount,
    int Threads,
    int FirstStep,
    string Run);

/// <summary>What is said after the last.</summary>
internal sealed record TrainingSummary(
    double ValidationLoss,
    long MeasuredTokens,
    long ValidationTokens,
    double BitsPerByte,
    double? BigramLoss,
    float? BestEstimate,
    int BestStep,
    TimeSpan Time,
    double TokensPerSecond);
