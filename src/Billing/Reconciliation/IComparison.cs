using Billing.Persistence;

namespace Billing.Reconciliation;

/// <summary>One kind of thing that is compared with Stripe, a page at a time, so that a run can be interrupted after any page.</summary>
internal interface IComparison
{
    /// <summary>Kept with the run, so it must not change while one may be unfinished.</summary>
    string Phase { get; }

    /// <summary>Compares the page after the cursor, and repairs what differs if the run is to. May be repeated.</summary>
    /// <param name="run">What to compare.</param>
    /// <param name="cursor">Null: the first page.</param>
    /// <param name="cancellationToken">Of the run.</param>
    Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken);
}

/// <param name="Next">The cursor of the next page; null if this was the last.</param>
internal sealed record ComparedPage(IReadOnlyList<Drift> Found, string? Next)
{
    public static readonly ComparedPage Empty = new([], null);
}
