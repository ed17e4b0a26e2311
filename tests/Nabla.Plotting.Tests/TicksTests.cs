using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Plotting.Tests;

public sealed class TicksTests
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(1, 1);

    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-5, 5, 5, "−4 −2 0 2 4")]
    [InlineData(0, 20_000, 5, "0 5,000 10,000 15,000 20,000")]
    [InlineData(0, 2000, 5, "0 500 1000 1500 2000")]
    [InlineData(0, 4e6, 4, "0 1M 2M 3M 4M")]
    [InlineData(-2.5e9, 0, 5, "−2.5B −2.0B −1.5B −1.0B −0.5B 0")]
    [InlineData(5.8, 9.9, 2, "6 8")]
    [InlineData(0, 3e-5, 3, "0 1×10⁻⁵ 2×10⁻⁵ 3×10⁻⁵")]
    [InlineData(0, 2e13, 4, "0 0.5×10¹³ 1.0×10¹³ 1.5×10¹³ 2.0×10¹³")]
    public void Are_round_numbers(double minimum, double maximum, int most, string labels)
        => Assert.Equal(labels, Labels(Ticks.Linear(minimum, maximum, most)));

    [Fact]
    public void Are_the_doubles_nearest_to_what_they_say()
        => Assert.Equal([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], Ticks.Linear(0, 0.7, 7).Select(tick => tick.Value));

    [Theory]
    [InlineData(0.001, 10, 6, "0.001 0.01 0.1 1 10")]
    [InlineData(1e-7, 1, 8, "10⁻⁷ 10⁻⁶ 10⁻⁵ 10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 10⁰")]
    [InlineData(1e-7, 1, 4, "10⁻⁶ 10⁻⁴ 10⁻² 10⁰")]
    [InlineData(1, 30, 6, "1 2 5 10 20")]
    [InlineData(2.1, 3.3, 4, "2.5 3.0")]
    public void Of_a_logarithmic_axis_are_decades_or_what_comes_near(double minimum, double maximum, int most, string labels)
        => Assert.Equal(labels, Labels(Ticks.Logarithmic(minimum, maximum, most)));

    [Fact]
    public void Of_a_logarithmic_axis_have_their_multiples_between()
        => Assert.Equal([2.0, 3, 4, 5, 6, 7, 8, 9, 20],
            Ticks.Logarithmic(1, 20, 2).Where(tick => tick.Label.Length == 0).Select(tick => tick.Value));

    [Fact]
    public void Are_within_the_axis_evenly_spaced_distinct_and_as_many_as_there_is_room_for()
        => Check.One(_config, Prop.ForAll(Ranges(), Gen.Choose(2, 12).ToArbitrary(), (range, most) =>
    {
        (double minimum, double maximum) = range;
        List<Tick> ticks = Ticks.Linear(minimum, maximum, most);
        double tolerance = 1e-6 * (maximum - minimum);
        double step = ticks[1].Value - ticks[0].Value;
        Assert.InRange(ticks.Count, Math.Max(2, (int)(most / 2.5)), Math.Max(6, most + 1));
        Assert.All(ticks, tick => Assert.InRange(tick.Value, minimum - tolerance, maximum + tolerance));
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(step, pair.Second.Value - pair.First.Value, tolerance));
        Assert.Equal(ticks.Count, ticks.Select(tick => tick.Label).Distinct().Count());
    }));

    [Fact]
    public void Say_the_values_they_stand_for() => Check.One(_config, Prop.ForAll(Ranges(), range =>
    {
        (double minimum, double maximum) = range;
        foreach (Tick tick in Ticks.Linear(minimum, maximum, 6))
        {
            Assert.Equal(tick.Value, Read(tick.Label), 1e-6 * (maximum - minimum));
        }
    }));

    // Places from -1000 to 1000 and widths from 1e-6 to 1e12, times each other's scale.
    private static Arbitrary<(double, double)> Ranges() => Arb.From(
        from center in Gen.Choose(-100_000, 100_000)
        from digits in Gen.Choose(100, 999)
        from exponent in Gen.Choose(-8, 10)
        let scale = Math.Pow(10, exponent)
        select (center / 100.0 * scale, ((center / 100.0) + digits) * scale));

    private static string Labels(IEnumerable<Tick> ticks)
        => string.Join(' ', ticks.Select(tick => tick.Label).Where(label => label.Length > 0));

    private static double Read(string label)
    {
        string text = label.Replace('−', '-').Replace(",", "", StringComparison.Ordinal);
        double factor = text.EndsWith('M') ? 1e6 : text.EndsWith('B') ? 1e9 : 1;
        string[] parts = text.TrimEnd('M', 'B').Split("×10");
        string exponent = string.Concat((parts.Length > 1 ? parts[1] : "⁰")
            .Select(digit => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".IndexOf(digit, StringComparison.Ordinal)]));
        return double.Parse(parts[0], CultureInfo.InvariantCulture) * factor
            * Math.Pow(10, int.Parse(exponent, CultureInfo.InvariantCulture));
    }
}
