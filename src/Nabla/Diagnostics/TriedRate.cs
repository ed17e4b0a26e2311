namespace Nabla.Diagnostics;

/// <summary>A rate that was tried.</summary>
/// <param name="Rate">The learning rate of the step.</param>
/// <param name="Loss">The loss before the step.</param>
/// <param name="Smoothed">The mean of the losses around it, in which a trend is easier to see.</param>
public readonly record struct TriedRate(float Rate, float Loss, double Smoothed);
