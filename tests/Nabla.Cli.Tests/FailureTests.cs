namespace Nabla.Cli.Tests;

public sealed class FailureTests
{
    [Fact]
    public void A_place_that_may_not_be_written_to_is_named_with_the_mend()
        => Assert.Equal(
            ("Access to the path '/x' is denied: name another place, or change its permissions.", 1),
            Failure.Describe(new UnauthorizedAccessException("Access to the path '/x' is denied.")));
}
