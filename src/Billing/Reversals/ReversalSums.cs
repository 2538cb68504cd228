using Billing.Persistence;

namespace Billing.Reversals;

/// <summary>Which refunds and disputes count, and what they take back (DESIGN rule 7; statuses: FACTS B.7).</summary>
internal static class ReversalSums
{
    public const string Lost = "lost";

    /// <summary>A refund that failed or was canceled, or a dispute that is closed: it does not begin again.</summary>
    private static bool IsFinal(string status) => status is "failed" or "canceled" or "won" or Lost or "warning_closed" or "prevented";

    /// <summary>Whether what Stripe says of it is to be kept in place of what we have: what has ended here does not begin again.</summary>
    public static bool Takes(this Reversal row, Reversal told) => !IsFinal(row.Status) || IsFinal(told.Status);

    /// <summary>Whether money is gone by it: not by a refund that failed, an inquiry or a dispute that was won.</summary>
    public static bool Counts(this Reversal reversal) => reversal.Kind == ReversalKind.Refund
        ? reversal.Status is not ("failed" or "canceled")
        : reversal.Status is not ("won" or "prevented") && !reversal.Status.StartsWith("warning_", StringComparison.Ordinal);

    /// <summary>How much of a top-up's credits is taken back: in proportion, rounded down.</summary>
    public static long Share(long granted, long reversed, long paid) =>
        reversed == 0 ? 0 : reversed >= paid ? granted : (long)((Int128)granted * reversed / paid);
}
