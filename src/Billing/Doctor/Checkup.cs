using System.Net;
using Billing.Persistence;

namespace Billing.Doctor;

/// <summary>Runs all checks, one after the other. Changes nothing anywhere.</summary>
internal sealed class Checkup(IEnumerable<ICheck> checks)
{
    /// <returns>What is wrong, in the order of the checks; a source that does not answer is one finding, and is asked no more.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var (found, silent) = (new List<Finding>(), new HashSet<Source>());
        foreach (var check in checks)
        {
            if (silent.Contains(check.Source))
            {
                continue;
            }
            try
            {
                found.AddRange(await check.FindAsync(cancellationToken));
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Outage(check, failure) is not null)
            {
                var outage = Outage(check, failure)!;
                found.Add(outage);
                if (outage.Kind != FindingKinds.StripeKeyPermission)
                {
                    silent.Add(check.Source);
                }
            }
        }
        return found;
    }

    /// <summary>What the failure of a source means; null: nothing, it is a fault of the program.</summary>
    private static Finding? Outage(ICheck check, Exception failure) => failure switch
    {
        _ when DatabaseErrors.IsSchemaUnusable(failure) => FindingKinds.DatabaseGrants.Found($"The role may not read {check.Subject}: {DatabaseErrors.Reason(failure)}."),
        _ when DatabaseErrors.IsUnavailable(failure) => FindingKinds.DatabaseUnreachable.Found($"The database cannot be used: {DatabaseErrors.Reason(failure)}."),
        Stripe.StripeException { HttpStatusCode: HttpStatusCode.Unauthorized } => FindingKinds.StripeKeyRefused.Found("Stripe refuses Stripe:ApiKey."),
        Stripe.StripeException { HttpStatusCode: HttpStatusCode.Forbidden } =>
            FindingKinds.StripeKeyPermission.Found($"Stripe:ApiKey may not read {check.Subject}, so this was not checked."),
        Stripe.StripeException or HttpRequestException or OperationCanceledException =>
            FindingKinds.StripeUnreachable.Found($"Stripe cannot be asked about {check.Subject}: {failure.Message.TrimEnd('.')}."),
        _ => null,
    };
}
