namespace Nabla.Nn;

/// <summary>What an LSTM carries from step to step.</summary>
/// <param name="Hidden">What it shows to the outside and to its own gates, [B, hidden].</param>
/// <param name="Cell">What it remembers, [B, hidden].</param>
public readonly record struct LstmState(Tensor Hidden, Tensor Cell);
