using Stripe.Tests.Server;

namespace Stripe.Tests.Entities;

public sealed class RefundTests : StripeServerTest
{
    [Fact]
    public async Task Refund_OfAPartCreated_SendsWhatIsGivenBackAndIsReadWhole()
    {
        Stripe.Ok(
            """
            {"id":"re_1","object":"refund","amount":500,"charge":"ch_1","created":1785585600,"currency":"usd","metadata":{"org":"7"},
             "payment_intent":"pi_1","reason":"duplicate","status":"pending"}
            """);

        var refund = await Stripe.Client().V1.Refunds.CreateAsync(
            new() { PaymentIntent = "pi_1", Amount = 500, Reason = "duplicate", Metadata = new() { ["org"] = "7" } }, cancellationToken: Cancel);

        Assert.Equal(
            [("amount", "500"), ("metadata[org]", "7"), ("payment_intent", "pi_1"), ("reason", "duplicate")],
            Stripe.Request.Form.Select(field => (field.Key, field.Value)).Order());
        Assert.Equal(("re_1", 500L, "usd", "7"), (refund.Id, refund.Amount, refund.Currency, refund.Metadata!["org"]));
        Assert.Equal(("ch_1", "pi_1", "duplicate", "pending"), (refund.ChargeId, refund.PaymentIntentId, refund.Reason, refund.Status));
        Assert.Equal(InstantTime.Now, refund.Created);
        Assert.Null(refund.FailureReason);
    }

    [Fact]
    public void Charge_WithItsRefundsExpanded_HasThem()
    {
        var charge = Charge.FromJson(
            """
            {"id":"ch_1","amount":2000,"amount_refunded":700,"refunds":{"object":"list","has_more":false,"data":
             [{"id":"re_2","amount":200,"charge":"ch_1","status":"succeeded"},{"id":"re_1","amount":500,"status":"failed","failure_reason":"unknown"}]}}
            """);

        Assert.Equal([("re_2", 200L, null), ("re_1", 500L, "unknown")], charge.Refunds!.Select(refund => (refund.Id, refund.Amount, refund.FailureReason)));
        Assert.Null(Charge.FromJson("""{"id":"ch_1"}""").Refunds);
    }

    [Fact]
    public void Refund_WithItsChargeExpanded_HasIdAndObject()
    {
        var refund = Refund.FromJson("""{"id":"re_1","charge":{"id":"ch_1","customer":"cus_1","payment_intent":"pi_1"},"payment_intent":null,"metadata":null}""");

        Assert.Equal(("ch_1", "cus_1", "pi_1"), (refund.ChargeId, refund.Charge?.CustomerId, refund.Charge?.PaymentIntentId));
        Assert.Null(refund.PaymentIntentId);
        Assert.Null(refund.Metadata);
    }

    [Fact]
    public void Dispute_OfAChargeExpanded_HasIdAndObject()
    {
        var dispute = Dispute.FromJson(
            """
            {"id":"du_1","object":"dispute","amount":2000,"charge":{"id":"ch_1","customer":"cus_1"},"created":1785585600,"currency":"usd","livemode":false,
             "metadata":{"org":"7"},"payment_intent":"pi_1","reason":"fraudulent","status":"warning_needs_response"}
            """);

        Assert.Equal(("du_1", 2000L, "usd", "7"), (dispute.Id, dispute.Amount, dispute.Currency, dispute.Metadata["org"]));
        Assert.Equal(("ch_1", "cus_1", "pi_1"), (dispute.ChargeId, dispute.Charge?.CustomerId, dispute.PaymentIntentId));
        Assert.Equal(("fraudulent", "warning_needs_response", InstantTime.Now), (dispute.Reason, dispute.Status, dispute.Created));
    }
}
