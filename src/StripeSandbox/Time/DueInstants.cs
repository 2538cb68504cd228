using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Reversals;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Time;

/// <summary>
/// What happens by itself when the clock reaches an instant, per type of object. An object has at most one due
/// instant at a time, its earliest; once that is applied the changed object names the next.
/// </summary>
internal static class DueInstants
{
    private static readonly Dictionary<string, Rule> Rules = new(StringComparer.Ordinal)
    {
        ["checkout.session"] = new(SessionExpiry.DueAt, SessionExpiry.Expire),
        ["subscription"] = new(SubscriptionCourse.DueAt, SubscriptionCourse.Advance),
        ["invoice"] = new(InvoiceCourse.DueAt, InvoiceCourse.Advance),
        ["payment_intent"] = new(Payment.DueAt, DelayedPayment.Settle),
        ["charge"] = new(Aftermath.DueAt, Aftermath.Dispute),
        ["refund"] = new(RefundCourse.DueAt, RefundCourse.Settle),
        [Delivery.Type] = new(Delivery.DueAt, Delivery.Release),
        ["dispute"] = new(DisputeCourse.DueAt, DisputeCourse.Advance),
    };

    /// <summary>The unix second at which the object changes by itself; null: never.</summary>
    public static long? Of(JsonObject json) => Rules.GetValueOrDefault(json.Type())?.DueAt(json);

    public static void Apply(Transaction transaction, JsonObject json) => Rules[json.Type()].Apply(transaction, json);

    private sealed record Rule(Func<JsonObject, long?> DueAt, Action<Transaction, JsonObject> Apply);
}
