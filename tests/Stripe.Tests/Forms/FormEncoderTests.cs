using Stripe.Checkout;

namespace Stripe.Tests.Forms;

public sealed class FormEncoderTests
{
    [Fact]
    public void Options_Nested_BecomeBracketsAndIndexes() =>
        Encodes(
            new SessionCreateOptions
            {
                Mode = "payment",
                LineItems = [new() { PriceData = new() { UnitAmount = 500, ProductData = new() { Name = "A & B" } }, Quantity = 1 }],
                PaymentIntentData = new() { Metadata = new() { ["org"] = "7" } },
            },
            "line_items[0][price_data][product_data][name]=A+%26+B&line_items[0][price_data][unit_amount]=500"
            + "&line_items[0][quantity]=1&mode=payment&payment_intent_data[metadata][org]=7");

    [Fact]
    public void Booleans_AreLowerCase() =>
        Encodes(new SubscriptionCancelOptions { InvoiceNow = true, Prorate = false }, "invoice_now=true&prorate=false");

    [Fact]
    public void EmptyString_ClearsAndNull_IsLeftOut() =>
        Encodes(new CustomerUpdateOptions { Name = "", Email = null }, "name=");

    [Fact]
    public void Dictionary_NullOrEmptyValue_ClearsTheKey() =>
        Encodes(new CustomerUpdateOptions { Metadata = new() { ["a"] = "", ["b"] = null! } }, "metadata[a]=&metadata[b]=");

    [Fact]
    public void List_Empty_ClearsTheParameter() =>
        Encodes(new WebhookEndpointUpdateOptions { EnabledEvents = [] }, "enabled_events=");

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Unspecified)]
    public void Time_IsUnixSecondsOfUtc(DateTimeKind kind) =>
        Encodes(new SessionCreateOptions { ExpiresAt = new(2026, 8, 1, 12, 0, 0, 900, kind) }, "expires_at=1785585600");

    [Fact]
    public void Time_Local_IsConverted()
    {
        var utc = new DateTime(2026, 8, 1, 12, 0, 0, DateTimeKind.Utc);
        Encodes(new SessionCreateOptions { ExpiresAt = utc.ToLocalTime() }, "expires_at=1785585600");
    }

    [Fact]
    public void AnyOf_Value_IsSentAsThatValue()
    {
        var time = new DateTime(2026, 8, 1, 12, 0, 0, DateTimeKind.Utc);
        Encodes(new EventListOptions { Created = time }, "created=1785585600");
        Encodes(
            new EventListOptions { Created = new DateRangeOptions { GreaterThan = time, LessThanOrEqual = time.AddSeconds(1) } },
            "created[gt]=1785585600&created[lte]=1785585601");
        Encodes(
            new EventListOptions { Created = new DateRangeOptions { GreaterThanOrEqual = time, LessThan = time.AddSeconds(1) } },
            "created[gte]=1785585600&created[lt]=1785585601");
        Encodes(new SubscriptionUpdateOptions { CancelAt = time }, "cancel_at=1785585600");
    }

    [Fact]
    public void ExtraParam_OfAnyShape_IsSent()
    {
        var options = new SessionCreateOptions { Mode = "payment" };
        options.AddExtraParam("customer_update[address]", "auto");
        options.AddExtraParam("seats", 3);
        options.AddExtraParam("list", new List<object> { true, "x" });

        Encodes(options, "mode=payment&customer_update[address]=auto&seats=3&list[0]=true&list[1]=x");
    }

    [Fact]
    public void ExtraParam_OfUnknownType_IsRefused()
    {
        var options = new CustomerGetOptions();
        options.AddExtraParam("x", new object());

        Assert.Throws<ArgumentException>(() => FormEncoder.Flatten(options));
    }

    private static void Encodes(BaseOptions options, string expected) =>
        Assert.Equal(expected.Split('&').Order(), FormEncoder.Flatten(options).Encode().Split('&').Order());
}
