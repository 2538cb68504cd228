namespace Stripe.Tests.Api;

public sealed class PublicApiTests
{
    /// <summary>
    /// A change of the surface is a change of PublicApi.txt in the same commit, so that it is seen and weighed against what the
    /// official package has.
    /// </summary>
    [Fact]
    public void Surface_Public_IsTheApprovedOne()
    {
        var approved = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "PublicApi.txt"));
        var actual = PublicSurface.Lines.ToArray();

        var difference = approved.Except(actual).Select(line => "- " + line)
            .Concat(actual.Except(approved).Select(line => "+ " + line))
            .OrderBy(line => line[2..], StringComparer.Ordinal)
            .ToList();

        Assert.True(difference is [], "PublicApi.txt differs:\n" + string.Join('\n', difference));
        Assert.Equal(actual, approved);
    }
}
