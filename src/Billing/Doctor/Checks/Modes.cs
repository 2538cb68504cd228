namespace Billing.Doctor.Checks;

internal static class Modes
{
    /// <summary>An object of another mode than the key's (DESIGN rule 12).</summary>
    public static Finding Mixed(string subject, bool isLive) =>
        FindingKinds.ModeMixed.Found($"{subject} is of {(isLive ? "live" : "test")} mode and Stripe:ApiKey is not.");
}
