namespace StripeSandbox.Billing;

/// <summary>A customer's balance in minor units: negative is credit in the customer's favour, positive is owed.</summary>
internal static class Balance
{
    /// <summary>What is due of an invoice's total, and the balance after it. Credit is used up; a negative total becomes credit.</summary>
    public static (long Due, long Ending) Apply(long total, long starting)
    {
        var sum = total + starting;
        return sum > 0 ? (sum, 0) : (0, sum);
    }
}
