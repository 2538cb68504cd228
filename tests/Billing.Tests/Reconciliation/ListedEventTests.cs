using Billing.Reconciliation;
using Billing.Webhooks;

namespace Billing.Tests.Reconciliation;

/// <summary>What is read of Stripe's list of events, whatever they look like.</summary>
public sealed class ListedEventTests
{
    private const string Envelope = "\"object\": \"event\", \"type\": \"t\", \"created\": 1, \"livemode\": false";

    [Fact]
    public void Page_GivesEachEventItsOwnBytes_AndTheCursor()
    {
        var first = $$$"""{"id": "evt_1", {{{Envelope}}}, "data": { "object": {"name":"\u0000 \ud800 é"} } }""";
        var (events, next) = ListedEvent.ReadPage($$"""{"object":"list","has_more":true,"data":[ {{first}} ,{"id":"evt_2","object":"v2.core.event"}]}""");

        Assert.Equal(first, System.Text.Encoding.UTF8.GetString(Assert.Single(events).Payload));
        Assert.Equal("evt_2", next); // one that is no event is passed over, and the list goes on after it
    }

    [Theory]
    [InlineData("""{"object":"invoice","customer":"cus_1","parent":{"subscription_details":{"subscription":"sub_1"}}}""", "sub_1", "cus_1", null)]
    [InlineData("""{"object":"invoice","customer":"cus_1","subscription":"sub_1","parent":null}""", "sub_1", "cus_1", null)]
    [InlineData("""{"object":"subscription","id":"sub_1","customer":"cus_1"}""", "sub_1", "cus_1", null)]
    [InlineData("""{"object":"charge","customer":null,"payment_intent":"pi_1","metadata":{"a":"\ud800"}}""", null, null, "pi_1")]
    [InlineData("""{"object":"dispute","payment_intent":"pi_1","metadata":[]}""", null, null, "pi_1")]
    [InlineData("""{"object":"customer","id":"cus_1"}""", null, "cus_1", null)]
    [InlineData("""{"object":"something"}""", null, null, null)]
    [InlineData("""[]""", null, null, null)]
    public void Subject_IsReadInAnyShape(string content, string? subscription, string? customer, string? payment)
    {
        var page = $$$"""{"has_more":false,"data":[{"id":"evt_1", {{{Envelope}}}, "data":{"object":{{{content}}}}}]}""";
        var subject = Assert.Single(ListedEvent.ReadPage(page).Events).Subject;
        Assert.Equal((subscription, customer, payment), (subject.Subscription, subject.Customer, subject.Payment));
    }

    [Fact]
    public void Types_ThatAreHandled_FitIntoOneListing() => Assert.InRange(EventHandlers.Types.Count, 1, 20); // Stripe's most (FACTS B.8)
}
