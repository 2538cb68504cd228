using FsCheck;
using FsCheck.Fluent;
using Stripe.Tests.Server;

namespace Stripe.Tests.Http;

public sealed class PathTests : StripeServerTest
{
    [Theory]
    [InlineData("cus_1", "/v1/customers/cus_1")]
    [InlineData("a/b", "/v1/customers/a%2Fb")]
    [InlineData("a?b#c", "/v1/customers/a%3Fb%23c")]
    [InlineData("../events", "/v1/customers/..%2Fevents")]
    [InlineData("ä %", "/v1/customers/%C3%A4%20%25")]
    public async Task Id_WithReservedCharacters_StaysOneSegmentOnTheWire(string id, string expected)
    {
        Stripe.Ok();

        await Customers.GetAsync(id, cancellationToken: Cancel);

        Assert.Equal(expected, Stripe.Request.Target);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Id_ThatWouldMakeAnotherPath_Throws(string? id)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Customers.DeleteAsync(id!, cancellationToken: Cancel));

        Assert.Empty(Stripe.Requests);
    }

    [Fact]
    public void Id_Any_SurvivesTheUriAsItsLastSegment() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonWhiteSpaceString>().Filter(s => s.Get is not ("." or "..") && IsUnicode(s.Get)),
            id =>
            {
                var uri = new Uri("https://api.stripe.com" + ResourcePath.For("/v1/customers", id.Get));
                return uri.Segments.Length == 4 && Uri.UnescapeDataString(uri.Segments[^1]) == id.Get && uri.Query == "";
            }).QuickCheckThrowOnFailure();

    private static bool IsUnicode(string text) => !text.Any(char.IsSurrogate);
}
