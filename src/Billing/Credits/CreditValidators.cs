using Billing.Catalog;
using FluentValidation;

namespace Billing.Credits;

internal sealed class DebitValidator : AbstractValidator<DebitRequest>
{
    public DebitValidator()
    {
        RuleFor(request => request.Amount).IsAmount();
        RuleFor(request => request.Reason).IsReason();
    }
}

internal sealed class HoldValidator : AbstractValidator<HoldRequest>
{
    private const int Day = 24 * 60 * 60;

    public HoldValidator()
    {
        RuleFor(request => request.Amount).IsAmount();
        RuleFor(request => request.Reason).IsReason();
        RuleFor(request => request.ExpiresIn).InclusiveBetween(1, Day)
            .WithErrorCode("out_of_bounds").WithMessage($"A hold lasts 1 to {Day} seconds.");
    }
}

internal sealed class SettleValidator : AbstractValidator<SettleRequest>
{
    public SettleValidator() => RuleFor(request => request.Amount).IsAmount(least: 0);
}

internal sealed class ReleaseValidator : AbstractValidator<ReleaseRequest>;

internal static class CreditRules
{
    private const int MaxReasonLength = 200;

    public static void IsAmount<T>(this IRuleBuilderInitial<T, long?> amount, long least = 1) => amount
        .Cascade(CascadeMode.Stop)
        .NotNull().WithErrorCode("required").WithMessage("Say how many credits.")
        .InclusiveBetween(least, TopUpOptions.MostCredits)
        .WithErrorCode("out_of_bounds").WithMessage($"The amount is {least} to {TopUpOptions.MostCredits} credits.");

    /// <summary>Control characters, NUL above all, have no place in a ledger and PostgreSQL refuses some.</summary>
    public static void IsReason<T>(this IRuleBuilderInitial<T, string?> reason) => reason
        .Must(text => text is null || (text.Length <= MaxReasonLength && !text.Any(char.IsControl)))
        .WithErrorCode("invalid_text").WithMessage($"A reason is at most {MaxReasonLength} characters, none of them a control character.");
}
