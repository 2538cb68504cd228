namespace Billing.Persistence;

internal static class PlanIds
{
    /// <summary>The plan of an org without an entitling subscription; not in the catalog, as it is not for sale.</summary>
    public const string Free = "free";
}
