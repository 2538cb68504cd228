using System.Text.RegularExpressions;
using FluentValidation;

namespace Billing.Orgs;

internal sealed partial class OrgValidator : AbstractValidator<OrgRequest>
{
    public OrgValidator()
    {
        RuleFor(request => request.Name)
            .Must(name => name!.Length <= 256 && !string.IsNullOrWhiteSpace(name) && !name.Any(char.IsControl)).When(request => request.Name is not null)
            .WithErrorCode("invalid_name").WithMessage("A name has 1 to 256 characters, none of them a control character; leave it out to clear it.");
        RuleFor(request => request.Email)
            .Must(email => email!.Length <= 512 && Address().IsMatch(email)).When(request => request.Email is not null)
            .WithErrorCode("invalid_email").WithMessage("That is not an e-mail address of at most 512 characters; leave it out to clear it.");
    }

    /// <summary>Only what makes an address implausible: whether it exists is known when mail arrives.</summary>
    [GeneratedRegex(@"\A[^\s\p{C}@<>(),;:""\[\]]{1,64}@([^\s\p{C}@<>(),;:""\[\].]+\.)+[^\s\p{C}@<>(),;:""\[\].]{2,}\z")]
    private static partial Regex Address();
}
