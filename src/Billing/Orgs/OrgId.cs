using System.Text.RegularExpressions;

namespace Billing.Orgs;

/// <summary>What an org's id may look like: it is the SaaS's own, and travels in headers, metadata and Stripe's client reference.</summary>
internal static partial class OrgId
{
    /// <summary>To be matched as a whole. The database's check constraint on <c>orgs.id</c> is made from it too.</summary>
    public const string Pattern = "[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}";

    /// <summary>The pattern, in words.</summary>
    public const string Rule = "An org's id has 1 to 64 letters, digits, _ . : or -, the first a letter or digit.";

    public static bool IsValid(string id) => Shape().IsMatch(id);

    [GeneratedRegex(@"\A" + Pattern + @"\z")]
    private static partial Regex Shape();
}
