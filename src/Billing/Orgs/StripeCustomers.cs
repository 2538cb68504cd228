using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Billing.Api;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Orgs;

/// <summary>One Stripe customer per org (FACTS F.3). All of it happens under the org's lease.</summary>
internal sealed class StripeCustomers(
    Stripe.IStripeClient stripe, CustomerLookup lookup, IDbContextFactory<BillingDb> databases, ILogger<StripeCustomers> log)
{
    private const string OrgName = "billing_org";

    /// <summary>Longer than Stripe takes to make one. If it does take longer, Stripe is asked for what cannot be there, and nothing worse.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>The org that we made the customer for; null if we did not make it.</summary>
    public static string? OrgOf(Stripe.Customer customer) => customer.Metadata?.GetValueOrDefault(OrgName);

    /// <summary>
    /// The org's customer, made on first use. The idempotency key follows from the org's row alone, so that a retry after a crash, or after
    /// a restore of the row, asks for the same customer as long as Stripe keeps keys: a day (FACTS A.5). The same key must always
    /// come with the same parameters, so name and address, which may change between two tries, are sent in a second call.
    /// </summary>
    /// <param name="org">As read under the lease.</param>
    public async Task<OrgCustomer> EnsureAsync(Org org, OrgLease lease, CancellationToken cancellationToken)
    {
        if (org.StripeCustomerId is { } known)
        {
            return new OrgCustomer(known, IsNew: false);
        }

        var made = await CreateAsync(org, lease, cancellationToken);
        var isKnownThere = await IntroduceAsync(made.Id, org, cancellationToken);
        await UpdateAsync(lease, row =>
        {
            row.ProfilePending = !isKnownThere;
            return row.StripeCustomerId = made.Id;
        }, cancellationToken);
        return new OrgCustomer(made.Id, IsNew(made));
    }

    /// <summary>Gives the customer this name and address, or none; false if it was deleted at Stripe.</summary>
    /// <exception cref="ApiException">503: Stripe does not show such a customer with this key.</exception>
    public async Task<bool> TellAsync(string customerId, OrgProfile profile, CancellationToken cancellationToken)
    {
        // Extra parameters, as an empty one clears what is there.
        var options = new Stripe.CustomerUpdateOptions();
        options.AddExtraParam("name", profile.Name ?? "");
        options.AddExtraParam("email", profile.Email ?? "");
        try
        {
            await new Stripe.CustomerService(stripe).UpdateAsync(customerId, options, cancellationToken: cancellationToken);
            return true;
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone))
        {
            if (await lookup.IsDeletedAsync(customerId, cancellationToken))
            {
                return false;
            }
            throw;
        }
    }

    /// <summary>Lets go of a customer that Stripe says was deleted, if it still is the org's: the next use makes another.</summary>
    public Task ForgetAsync(string customerId, OrgLease lease, CancellationToken cancellationToken) => UpdateAsync(lease, row =>
    {
        if (row.StripeCustomerId == customerId)
        {
            row.StripeCustomerId = null;
            row.CustomerGeneration++;
        }
        return row;
    }, cancellationToken);

    private async Task<Stripe.Customer> CreateAsync(Org org, OrgLease lease, CancellationToken cancellationToken)
    {
        var options = new Stripe.CustomerCreateOptions { Metadata = new Dictionary<string, string> { [OrgName] = org.Id } };
        var request = new Stripe.RequestOptions { IdempotencyKey = KeyOf(org) };
        try
        {
            return await new Stripe.CustomerService(stripe).CreateAsync(options, request, cancellationToken);
        }
        catch (Stripe.StripeException failure) when (StripeErrors.NeedsNewKey(failure))
        {
            await UpdateAsync(lease, row => row.CustomerGeneration++, cancellationToken);
            throw;
        }
    }

    /// <summary>
    /// Whether it was made by this very call. Stripe marks what it answers once more under the same key (FACTS A.3, not confirmed), and that bears
    /// the time of the first answer (A.5).
    /// </summary>
    private static bool IsNew(Stripe.Customer made) => made.StripeResponse is { } answer && !answer.Headers.Contains("Idempotent-Replayed")
        && answer.Date - made.Created < Fresh;

    /// <summary>
    /// When the row was made is part of it: that never changes, as signing keys and Stripe keys do, is restored with the row, and tells two
    /// installations on one Stripe account apart that have an org of the same id.
    /// </summary>
    private static string KeyOf(Org org)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"customer\n{org.Id}\n{org.CreatedAt.UtcTicks}\n{org.CustomerGeneration}");
        return "billing-customer-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40];
    }

    /// <summary>Whether the new customer bears the org's name and address. An address that Stripe refuses is logged and stops no sale.</summary>
    private async Task<bool> IntroduceAsync(string customerId, Org org, CancellationToken cancellationToken)
    {
        var profile = new OrgProfile(org.Name, org.Email);
        if (profile == OrgProfile.Empty && !org.ProfilePending)
        {
            return true;
        }
        try
        {
            return await TellAsync(customerId, profile, cancellationToken);
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            StripeErrors.ToApiError(refused, log);
            return false;
        }
    }

    private Task<T> UpdateAsync<T>(OrgLease lease, Func<Org, T> change, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db => change(await lease.LockOrgAsync(db, cancellationToken)), cancellationToken);
}

/// <param name="Id">Of Stripe's.</param>
/// <param name="IsNew">Nobody else can know of it yet: it has no subscription and no session, and Stripe need not be asked for them.</param>
internal sealed record OrgCustomer(string Id, bool IsNew);
