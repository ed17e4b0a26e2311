namespace Nabla.Lessons.Tests;

/// <summary>A comparison that finds no difference would make the lessons' figures worth nothing.</summary>
public sealed class FigureComparisonTests
{
    [Theory]
    [InlineData("<path d='M1.25 -3.5'/>", "<path d='M1.25 -3.5'/>")]
    [InlineData("<path d='M1.25 -3.5'/>", "<path d='M1.26 -3.49'/>")]
    [InlineData("<rect fill='#102030'/>", "<rect fill='#122030'/>")]
    [InlineData("<image href='data:image/png;base64,AAAA'/>", "<image href='data:image/png;base64,AAAB'/>")]
    public void What_rounding_changes_is_no_difference(string stored, string drawn)
        => Assert.Null(FigureComparison.Difference(stored, drawn));

    [Theory]
    [InlineData("<path d='M1.25 -3.5'/>", "<path d='M1.25 3.5'/>")]
    [InlineData("<path d='M1.25 -3.5'/>", "<path d='M1.35 -3.5'/>")]
    [InlineData("<path d='M1 2'/>", "<path d='M1 2L1 2'/>")]
    [InlineData("<text x='1'>loss</text>", "<text x='1'>cost</text>")]
    [InlineData("<rect fill='#102030'/>", "<rect fill='#302010'/>")]
    [InlineData("<image href='data:image/png;base64,AAAA'/>", "<image href='data:image/png;base64,AAAAAAAA'/>")]
    public void What_a_reader_would_see_is_one(string stored, string drawn)
        => Assert.NotNull(FigureComparison.Difference(stored, drawn));
}
