using Stripe.Checkout;
using Stripe.Tests.Server;

namespace Stripe.Tests.Entities;

public sealed class ExpandTests : StripeServerTest
{
    [Fact]
    public async Task Expand_Asked_IsSentIndexed()
    {
        Stripe.Ok("""{"id":"cs_1"}""");
        var options = new SessionGetOptions();
        options.AddExpand("subscription");
        options.AddExpand("line_items");

        await new SessionService(Stripe.Client()).GetAsync("cs_1", options, cancellationToken: Cancel);

        Assert.Equal("?expand[0]=subscription&expand[1]=line_items", Stripe.Request.Target[Stripe.Request.Path.Length..]);
    }

    [Fact]
    public void Reference_NotExpanded_HasIdOnly()
    {
        var session = Session.FromJson("""{"id":"cs_1","customer":"cus_1","subscription":null}""");

        Assert.Equal("cus_1", session.CustomerId);
        Assert.Null(session.Customer);
        Assert.Null(session.SubscriptionId);
        Assert.Null(session.LineItems);
    }

    [Fact]
    public void Reference_Expanded_HasIdAndObject()
    {
        var session = Session.FromJson(
            """
            {"id":"cs_1","subscription":{"id":"sub_1","customer":"cus_1","items":{"object":"list","has_more":false,
             "data":[{"id":"si_1","current_period_end":1785585600,"quantity":2,"price":{"id":"price_1","product":"prod_1"}}]}}}
            """);

        Assert.Equal("sub_1", session.SubscriptionId);
        Assert.Equal("cus_1", session.Subscription?.CustomerId);
        var item = Assert.Single(session.Subscription!.Items);
        Assert.Equal(("si_1", 2, "prod_1"), (item.Id, item.Quantity, item.Price.ProductId));
        Assert.Equal(InstantTime.Now, item.CurrentPeriodEnd);
        Assert.Equal(DateTimeKind.Utc, item.CurrentPeriodEnd.Kind);
    }

    [Fact]
    public void Reference_ExpandedToADeletedStub_HasItsId()
    {
        var subscription = Subscription.FromJson("""{"id":"sub_1","customer":{"id":"cus_1","object":"customer","deleted":true}}""");

        Assert.Equal("cus_1", subscription.CustomerId);
        Assert.Null(Assert.IsType<Customer>(subscription.Customer).Email);
    }

    [Fact]
    public void Reference_Assigned_KeepsIdAndObjectTogether()
    {
        var session = new Session { Customer = new() { Id = "cus_1" } };
        Assert.Equal("cus_1", session.CustomerId);

        session.CustomerId = "cus_2";
        Assert.Null(session.Customer);
    }
}
