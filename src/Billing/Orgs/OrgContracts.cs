using System.ComponentModel.DataAnnotations;

namespace Billing.Orgs;

/// <summary>What an org is to be called at Stripe. A field that is left out is cleared.</summary>
internal sealed record OrgRequest
{
    /// <summary>1 to 256 characters; on Stripe's invoices and receipts.</summary>
    [StringLength(256, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>Where Stripe sends receipts; at most 512 characters.</summary>
    [MaxLength(512), EmailAddress]
    public string? Email { get; init; }
}

/// <param name="Id">The SaaS's own id.</param>
/// <param name="Name">On Stripe's invoices and receipts.</param>
/// <param name="Email">Where Stripe sends receipts.</param>
/// <param name="Plan">The plan's id; <c>free</c> without an entitling subscription.</param>
/// <param name="CreatedAt">When the service first heard of it.</param>
internal sealed record OrgResponse(string Id, string? Name, string? Email, string Plan, DateTimeOffset CreatedAt);

/// <summary>What Stripe is told about an org.</summary>
internal sealed record OrgProfile(string? Name, string? Email)
{
    public static readonly OrgProfile Empty = new(null, null);
}
