using FluentValidation;

namespace Billing.Operations;

internal static class OperationParts
{
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<OperatorAudit>().AddSingleton<OrgReports>().AddSingleton<OrgExplanation>().AddSingleton<OrgSync>().AddSingleton<OrgErasure>()
        .AddSingleton<CreditAdjustments>().AddSingleton<StoredEvents>().AddSingleton<KeyChanges>().AddSingleton<OpsReconciliation>().AddSingleton<StripeSetup>()
        .AddSingleton<IValidator<ReasonedRequest>, ReasonedValidator>().AddSingleton<IValidator<AdjustmentRequest>, AdjustmentValidator>()
        .AddSingleton<IValidator<KeyRequest>, KeyValidator>().AddSingleton<IValidator<ReconcileRequest>, ReconcileValidator>()
        .AddSingleton<IValidator<SetupRequest>, SetupValidator>();
}
