using Stripe.Checkout;

namespace Stripe.Tests.Entities;

public sealed class JsonTests
{
    [Fact]
    public void Json_WrittenAndRead_IsTheSameObject()
    {
        const string Json =
            """
            {"id":"cs_1","object":"checkout.session","amount_total":500,"created":1785585600,"currency":"usd",
             "customer":{"id":"cus_1","email":"a@x.com"},"expires_at":1785672000,"livemode":true,"metadata":{"org":"7"},
             "line_items":{"object":"list","data":[{"id":"li_1","amount_total":500,"price":{"id":"price_1"}}],"has_more":true,"url":"/x"},
             "mode":"payment","payment_status":"paid","subscription":"sub_1"}
            """;

        var session = Session.FromJson(Session.FromJson(Json).ToJson());

        Assert.Equal(("cs_1", 500L, "usd", "7"), (session.Id, session.AmountTotal, session.Currency, session.Metadata!["org"]));
        Assert.Equal(new DateTime(2026, 8, 2, 12, 0, 0, DateTimeKind.Utc), session.ExpiresAt);
        Assert.Equal("a@x.com", session.Customer?.Email);
        Assert.Equal("sub_1", session.SubscriptionId);
        Assert.True(session.LineItems?.HasMore);
        Assert.Equal("price_1", Assert.Single(session.LineItems!).Price?.Id);
    }

    [Fact]
    public void Json_NullOrAbsentWhereNotNullIsPromised_ReadsAsEmpty()
    {
        var subscription = Subscription.FromJson("""{"id":null,"metadata":null,"status":null,"customer":null}""");

        Assert.Equal(("", "", ""), (subscription.Id, subscription.Status, subscription.CustomerId));
        Assert.Empty(subscription.Metadata);
        Assert.Empty(subscription.Items);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"items":{"data":{}}}""")]
    [InlineData("""{"items":{"data":[null]}}""")]
    [InlineData("""{"items":{"has_more":1}}""")]
    [InlineData("""{"customer":7}""")]
    [InlineData("""{"created":"yesterday"}""")]
    [InlineData("""{"created":1.5}""")]
    [InlineData("""{"id":"a","id":"b"}""")]
    public void Json_OfWrongShape_IsAStripeException(string json) =>
        Assert.Throws<StripeException>(() => Subscription.FromJson(json));
}
