namespace Billing.Api;

/// <summary>
/// Names and values that clients of similar APIs know: accepted and answered beside ours, deprecated, declared here only (DESIGN section 3).
/// </summary>
internal static class FieldNames
{
    /// <summary>Other name → our name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["plan_id"] = "plan",
        ["tier"] = "plan",
        ["billing_cycle"] = "interval",
        ["successUrl"] = "success_url",
        ["cancelUrl"] = "cancel_url",
        ["returnUrl"] = "return_url",
    };

    /// <summary>Other name → our name, in answers, which have both.</summary>
    public static readonly IReadOnlyDictionary<string, string> AnswerAliases = new Dictionary<string, string>
    {
        ["checkout_url"] = "url",
        ["portal_url"] = "url",
    };

    /// <summary>Our name → other value → our value.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ValueAliases =
        new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["interval"] = new Dictionary<string, string> { ["yearly"] = "annual" },
        };
}
