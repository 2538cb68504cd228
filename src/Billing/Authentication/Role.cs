namespace Billing.Authentication;

/// <summary>What a credential may do; each role may do all that the ones before it may.</summary>
internal enum Role
{
    /// <summary>Reads of its org.</summary>
    Member,

    /// <summary>Also opens the billing portal.</summary>
    Admin,

    /// <summary>Also buys.</summary>
    Owner,

    /// <summary>The SaaS backend: any org, named in the <c>Billing-Org</c> header.</summary>
    Service,

    /// <summary>Also the operator calls.</summary>
    Operator,
}
