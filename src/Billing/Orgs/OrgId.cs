using System.Text.RegularExpressions;

namespace Billing.Orgs;

/// <summary>What an org's id may look like: it is the SaaS's own, and travels in headers, metadata and Stripe's client reference.</summary>
internal static partial class OrgId
{
    /// <summary>To be matched as a whole. The database's check constraint on <c>orgs.id</c> is made from it too.</summary>
    public const string Pattern = "[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}";

    public static bool IsValid(string id) => Shape().IsMatch(id);

    [GeneratedRegex(@"\A" + Pattern + @"\z")]
    private static partial Regex Shape();
}
