using Stripe.Tests.Server;

namespace Stripe.Tests.Webhooks;

public sealed class EventParsingTests
{
    [Fact]
    public void Event_OfKnownObject_IsReadWhole()
    {
        var parsed = EventUtility.ParseEvent(EventJson.Of(
            """{"id":"cus_1","object":"customer","email":"new@x.com"}""", previous: """{"email":"old@x.com"}"""));

        Assert.Equal(("evt_1", "customer.updated", 1L), (parsed.Id, parsed.Type, parsed.PendingWebhooks));
        Assert.Equal(InstantTime.Now, parsed.Created);
        Assert.Equal("req_1", parsed.Request?.Id);
        Assert.Equal("new@x.com", Assert.IsType<Customer>(parsed.Data.Object).Email);
        Assert.Equal("old@x.com", (string)parsed.Data.PreviousAttributes!["email"]);
        Assert.Equal("cus_1", (string)parsed.Data.RawObject!["id"]);
    }

    [Theory]
    [InlineData("billing_portal.configuration", typeof(BillingPortal.Configuration))]
    [InlineData("billing_portal.session", typeof(BillingPortal.Session))]
    [InlineData("charge", typeof(Charge))]
    [InlineData("checkout.session", typeof(Checkout.Session))]
    [InlineData("customer", typeof(Customer))]
    [InlineData("dispute", typeof(Dispute))]
    [InlineData("invoice", typeof(Invoice))]
    [InlineData("invoice_payment", typeof(InvoicePayment))]
    [InlineData("payment_intent", typeof(PaymentIntent))]
    [InlineData("price", typeof(Price))]
    [InlineData("product", typeof(Product))]
    [InlineData("refund", typeof(Refund))]
    [InlineData("subscription", typeof(Subscription))]
    public void Object_Known_HasItsType(string name, Type type)
    {
        var parsed = EventUtility.ParseEvent(EventJson.Of($$"""{"object":"{{name}}"}"""));

        Assert.IsType(type, parsed.Data.Object);
        Assert.Equal(name, parsed.Data.Object!.Object);
    }

    [Theory]
    [InlineData("""{"object":"quote","id":"qt_1"}""")]
    [InlineData("""{"object":7}""")]
    [InlineData("""{"id":"x"}""")]
    [InlineData("{}")]
    public void Object_Unknown_IsNullWithTheRawOneKept(string dataObject)
    {
        var parsed = EventUtility.ParseEvent(EventJson.Of(dataObject));

        Assert.Null(parsed.Data.Object);
        Assert.NotNull(parsed.Data.RawObject);
    }

    [Theory]
    [InlineData("2026-07-29.dahlia", true)]
    [InlineData("2026-08-26.dahlia", true)]
    [InlineData("2026-09-30.endive", false)]
    [InlineData("2026-07-29.preview", false)]
    [InlineData("2022-11-15", false)]
    public void ApiVersion_OfAnotherTrain_IsRefusedOnlyWhenAsked(string version, bool ours)
    {
        var json = EventJson.Of("{}", version);

        Assert.Equal(version, EventUtility.ParseEvent(json, throwOnApiVersionMismatch: false).ApiVersion);
        if (ours)
        {
            Assert.Equal(version, EventUtility.ParseEvent(json).ApiVersion);
        }
        else
        {
            Assert.Throws<StripeException>(() => EventUtility.ParseEvent(json));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"id":"evt_1","object":"event","type":"x","data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"x","api_version":null,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"x","api_version":7,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"x","api_version":"2026-07-29.dahlia"}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"x","api_version":"2026-07-29.dahlia","data":null}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"x","api_version":"2026-07-29.dahlia","data":[]}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"x","api_version":"2026-07-29.dahlia","data":{"object":"cus_1"}}""")]
    [InlineData("""{"id":"evt_1","object":"event","api_version":"2026-07-29.dahlia","data":{"object":{}}}""")]
    [InlineData("""{"object":"event","type":"x","api_version":"2026-07-29.dahlia","data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"v2.core.event","type":"v1.invoice.paid","related_object":{"id":"in_1"}}""")]
    [InlineData("""{"id":"evt_1","object":"customer","type":"x","api_version":"2026-07-29.dahlia","data":{"object":{}}}""")]
    public void Payload_ThatIsNoSnapshotEvent_IsAStripeException(string? json)
    {
        Assert.Throws<StripeException>(() => EventUtility.ParseEvent(json!));
        Assert.Throws<StripeException>(() => EventUtility.ParseEvent(json!, throwOnApiVersionMismatch: false));
    }

    [Theory]
    [InlineData("""{"object":"customer","id":7}""")]
    [InlineData("""{"object":"customer","created":"now"}""")]
    [InlineData("""{"object":"customer","metadata":{"a":{}}}""")]
    [InlineData("""{"object":"customer","name":"\ud800"}""")]
    [InlineData("""{"object":"customer","metadata":{"\ud800":"a"}}""")]
    [InlineData("""{"object":"\ud800"}""")]
    [InlineData("""{"object":"quote","\ud800":1}""")]
    [InlineData("""{"object":"invoice","lines":{"data":7}}""")]
    [InlineData("""{"object":"customer","id":"a","id":"b"}""")]
    public void Object_OfWrongShape_IsAStripeException(string dataObject) =>
        Assert.Throws<StripeException>(() => EventUtility.ParseEvent(EventJson.Of(dataObject)));

    [Fact]
    public void Payload_WithHalfASurrogatePair_IsAStripeException()
    {
        var json = EventJson.Of("{}") + "\ud800";

        Assert.Throws<StripeException>(() => EventUtility.ParseEvent(json));
        Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(json, "t=1,v1=0", "whsec_1"));
    }

    [Fact]
    public void Payload_NestedTooDeep_IsAStripeException()
    {
        var deep = new string('[', 1000) + new string(']', 1000);

        Assert.Throws<StripeException>(() => EventUtility.ParseEvent(EventJson.Of($$"""{"x":{{deep}}}""")));
    }

    [Fact]
    public void ConstructEvent_SignedNow_ReturnsTheEvent()
    {
        var json = EventJson.Of("{}");

        var parsed = EventUtility.ConstructEvent(json, EventUtility.GenerateSignatureHeader(json, "whsec_1"), "whsec_1");

        Assert.Equal("evt_1", parsed.Id);
    }

    [Fact]
    public void Event_WrittenAndRead_KeepsItsData()
    {
        var json = EventUtility.ParseEvent(EventJson.Of("""{"object":"customer","id":"cus_1","x":[1]}""")).ToJson();

        var parsed = EventUtility.ParseEvent(json);

        Assert.Equal("cus_1", Assert.IsType<Customer>(parsed.Data.Object).Id);
        Assert.Equal("[1]", ((object)parsed.Data.RawObject!["x"]).ToString()!.ReplaceLineEndings("").Replace(" ", ""));
    }
}
