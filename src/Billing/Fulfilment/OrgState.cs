using Billing.Checkout;
using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>
/// One org's billing state, loaded and locked, that events and reads are applied to in memory. Whoever loaded it saves the changes in
/// the same transaction.
/// </summary>
internal sealed class OrgState(
    Org org, List<Subscription> subscriptions, CheckoutSession? session, SessionClaims? claims,
    IReadOnlyDictionary<string, string> soldPrices)
{
    public Org Org => org;

    public IReadOnlyList<Subscription> Subscriptions => subscriptions;

    /// <summary>The checkout session that the event is about, if it is one of ours and its row exists.</summary>
    public CheckoutSession? Session { get; private set; } = session;

    /// <summary>What the object's metadata says was sold, if our signature is on it; stands in for a row that was lost (DESIGN rule 5).</summary>
    public SessionClaims? Claims { get; private set; } = claims;

    /// <summary>Top-ups that are paid, to be credited unless they were.</summary>
    public List<CreditGrant> TopUps { get; } = [];

    /// <summary>Price id → plan, of what the org bought before.</summary>
    public IReadOnlyDictionary<string, string> SoldPrices => soldPrices;

    /// <summary>Subscriptions that this application found out about, to be inserted.</summary>
    public List<Subscription> Added { get; } = [];

    /// <summary>Goes on with another object of the same org's.</summary>
    public void TurnTo(CheckoutSession? session, SessionClaims? claims) => (Session, Claims) = (session, claims);

    public Subscription? Find(string subscriptionId) => subscriptions.Find(s => s.Id == subscriptionId);

    /// <summary>The subscription's row; one that we did not know gets an empty row and is read from Stripe (DESIGN rule 3).</summary>
    public Subscription FindOrAdd(string subscriptionId, out bool known)
    {
        var found = Find(subscriptionId);
        known = found is not null;
        if (found is not null)
        {
            return found;
        }
        var added = new Subscription { Id = subscriptionId, OrgId = org.Id };
        subscriptions.Add(added);
        Added.Add(added);
        return added;
    }
}
