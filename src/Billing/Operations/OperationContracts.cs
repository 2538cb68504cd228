using System.ComponentModel.DataAnnotations;
using Billing.Authentication;
using Billing.Persistence;

namespace Billing.Operations;

/// <summary>A change by hand that needs nothing but a reason.</summary>
internal record ReasonedRequest
{
    /// <summary>Why; kept in the audit.</summary>
    [Required, StringLength(Operator.MaxReasonLength, MinimumLength = 1)]
    public string? Reason { get; init; }
}

internal sealed record AdjustmentRequest : ReasonedRequest
{
    /// <summary>How many credits; 1 or more.</summary>
    [Required, Range(1, Catalog.TopUpOptions.MostCredits)]
    public long? Amount { get; init; }

    /// <summary>Makes it happen once per org, such as the number of a ticket. Default: a new one.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string? Reference { get; init; }
}

internal sealed record KeyRequest : ReasonedRequest
{
    /// <summary>What the key may do.</summary>
    [Required]
    public Role? Role { get; init; }

    /// <summary>The org that it belongs to: needed for owner, admin and member, refused for the others.</summary>
    public string? Org { get; init; }

    /// <summary>A label for people; at most 100 characters.</summary>
    [MaxLength(100)]
    public string? Name { get; init; }
}

internal sealed record ReconcileRequest : ReasonedRequest
{
    /// <summary>Only this org. Default: everything.</summary>
    public string? Org { get; init; }

    /// <summary>Whether to repair what Stripe's evidence supports. Default: only report.</summary>
    public bool Repair { get; init; }
}

/// <param name="Reference">Under which it was done.</param>
/// <param name="Balance">Of the org now.</param>
/// <param name="Available">What it can spend now.</param>
/// <param name="Debt">What it owes now.</param>
internal sealed record AdjustmentResponse(string Reference, long Balance, long Available, long Debt);

/// <param name="Org">Which.</param>
/// <param name="Subscriptions">How many are about to be read from Stripe.</param>
/// <param name="Payments">How many are.</param>
internal sealed record SyncResponse(string Org, int Subscriptions, int Payments);

/// <param name="Org">The id that its ledger is kept under.</param>
internal sealed record ErasureResponse(string Org);

/// <param name="Id">Stripe's.</param>
/// <param name="Type">Stripe's.</param>
/// <param name="Org">Whose it is; null if of none of ours.</param>
/// <param name="Outcome">What it led to.</param>
/// <param name="Detail">Why, where the outcome alone does not say it.</param>
/// <param name="Attempts">How often applying it failed.</param>
/// <param name="CreatedAt">When it happened, by Stripe.</param>
/// <param name="ReceivedAt">When it was first received.</param>
/// <param name="RetryAt">When a parked one is tried again.</param>
internal sealed record EventSummary(
    string Id, string Type, string? Org, EventOutcome Outcome, string? Detail, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset ReceivedAt,
    DateTimeOffset? RetryAt)
{
    public static EventSummary Of(StripeEvent row) =>
        new(row.Id, row.Type, row.OrgId, row.Outcome, row.Detail, row.Attempts, row.CreatedAt, row.ReceivedAt, row.RetryAt);
}

/// <param name="Events">Newest first.</param>
internal sealed record EventsResponse(IReadOnlyList<EventSummary> Events);

/// <param name="Event">What is known of it.</param>
/// <param name="Payload">Its body as received; null once that is pruned. It may hold personal data.</param>
internal sealed record EventResponse(EventSummary Event, string? Payload);

/// <param name="Id">Tells keys apart; no secret.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Org">Whose it is; null for service and operator keys.</param>
/// <param name="Name">A label for people.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RevokedAt">When it was ended; null while it works.</param>
internal sealed record KeyResponse(string Id, Role Role, string? Org, string Name, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
{
    public static KeyResponse Of(ApiKey key) => new(key.Id, key.Role, key.OrgId, key.Name, key.CreatedAt, key.RevokedAt);
}

/// <param name="Keys">Oldest first.</param>
internal sealed record KeysResponse(IReadOnlyList<KeyResponse> Keys);

/// <param name="Id">What it is listed and revoked by.</param>
/// <param name="Key">The key itself. This is the only time that it can be seen.</param>
internal sealed record NewKeyResponse(string Id, string Key);

/// <param name="Org">Whose ledger.</param>
/// <param name="Wrong">What does not add up, in words; empty if all does.</param>
internal sealed record VerifyResponse(string Org, string Wrong);
