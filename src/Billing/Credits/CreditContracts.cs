namespace Billing.Credits;

/// <summary>What an org can spend, now.</summary>
/// <param name="Balance">What is left of all live grants, held credits included.</param>
/// <param name="Available">What can be spent: the balance without what is held.</param>
/// <param name="PlanCredits">The part of the balance that came with the plan; it ends with its month.</param>
/// <param name="TopupCredits">The part that was bought; it never expires.</param>
/// <param name="Held">What holds have reserved.</param>
/// <param name="Debt">Credits taken back that were spent already; the next grants pay it first.</param>
/// <param name="NextExpiry">When the next credits expire; null if none will.</param>
/// <param name="NextGrantAt">When the next month of the plan begins, whose credits come with its payment; null without one.</param>
internal sealed record CreditsResponse(
    long Balance, long Available, long PlanCredits, long TopupCredits, long Held, long Debt, DateTimeOffset? NextExpiry, DateTimeOffset? NextGrantAt);
