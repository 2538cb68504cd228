using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Reversals;

/// <summary>
/// What becomes of a charge because of the test card that paid it (docs.stripe.com/testing). A saved card keeps the name
/// of it, and so does each of its charges.
/// </summary>
internal static class Aftermath
{
    public const string FraudDispute = "fraud_dispute";
    public const string NotReceivedDispute = "not_received_dispute";
    public const string Inquiry = "inquiry";
    public const string PendingRefund = "pending_refund";
    public const string FailingRefund = "failing_refund";

    /// <summary>
    /// After how long, by the sandbox's clock, what a test card or a piece of test evidence stands for comes about. Long
    /// enough to look at the state before it.
    /// </summary>
    public const long DelaySeconds = 60;

    /// <summary>When the buyer of a new charge goes to the bank; null: never.</summary>
    public static long? DisputedAt(Transaction tx, string? aftermath) => DisputeOf(aftermath) is null ? null : tx.Now + DelaySeconds;

    public static long? DueAt(JsonObject charge) => charge.NumberOrNull("_disputed_at");

    public static void Dispute(Transaction tx, JsonObject charge)
    {
        var edited = tx.Edit(charge);
        edited["_disputed_at"] = null;
        // Somebody may have opened one by hand meanwhile.
        if (!edited.Flag("disputed"))
        {
            DisputeCourse.Open(tx, edited, DisputeOf(edited.TextOrNull("_aftermath"))!);
        }
    }

    private static DisputeOrder? DisputeOf(string? aftermath) => aftermath switch
    {
        FraudDispute => new("fraudulent"),
        NotReceivedDispute => new("product_not_received"),
        Inquiry => new("general") { IsInquiry = true },
        _ => null,
    };
}
