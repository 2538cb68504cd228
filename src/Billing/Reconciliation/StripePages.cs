using Billing.Api;

namespace Billing.Reconciliation;

/// <summary>Pages of Stripe's lists, read one by one so that a run can go on from any of them.</summary>
internal static class StripePages
{
    /// <summary>Stripe's most (FACTS A.3).</summary>
    public const int Size = 100;

    /// <summary>How many objects are asked for or repaired at once; a small part of what Stripe allows in a second (FACTS A.6).</summary>
    public const int Concurrency = 4;

    /// <summary>Null if the object that the cursor names is gone, as an event is after 30 days: then nothing can come after it.</summary>
    public static async Task<Stripe.StripeList<T>?> ReadAsync<T>(Task<Stripe.StripeList<T>> listing)
    {
        try
        {
            return await listing;
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone, "starting_after"))
        {
            return null;
        }
    }

    /// <summary>Does something with each, a few at a time, and keeps the order.</summary>
    public static async Task<List<TResult>> EachAsync<T, TResult>(
        this IReadOnlyList<T> items, Func<T, CancellationToken, ValueTask<TResult>> work, CancellationToken cancellationToken)
    {
        var results = new TResult[items.Count];
        var bounded = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, items.Count, bounded, async (index, token) => results[index] = await work(items[index], token));
        return [.. results];
    }
}
