using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FluentValidation;

namespace Billing.Orgs;

internal sealed partial class OrgValidator : AbstractValidator<OrgRequest>
{
    public OrgValidator()
    {
        RuleFor(request => request.Name)
            .Must(name => IsName(name!)).When(request => request.Name is not null)
            .WithErrorCode("invalid_name").WithMessage("A name has 1 to 256 characters, not all blank and none invisible; leave it out to clear it.");
        RuleFor(request => request.Email)
            .Must(email => email!.Length <= 512 && Address().IsMatch(email)).When(request => request.Email is not null)
            .WithErrorCode("invalid_email").WithMessage("That is not an e-mail address of at most 512 characters; leave it out to clear it.");
    }

    /// <summary>Characters are code points, as the database counts them.</summary>
    private static bool IsName(string name) =>
        !string.IsNullOrWhiteSpace(name) && name.EnumerateRunes().Count() <= 256 && name.EnumerateRunes().All(IsShown);

    /// <summary>
    /// All but control and format characters, line breaks and what stands for nothing. The two joiners are format characters too, and
    /// belong to the spelling of Persian and Indic names.
    /// </summary>
    private static bool IsShown(Rune character) => character.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(character) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Only what makes an address implausible: whether it exists is known when mail arrives.</summary>
    [GeneratedRegex(@"\A[^\s\p{C}@<>(),;:""\[\]]{1,64}@([^\s\p{C}@<>(),;:""\[\].]+\.)+[^\s\p{C}@<>(),;:""\[\].]{2,}\z")]
    private static partial Regex Address();
}
