using System.Text.RegularExpressions;
using Billing.Api;

namespace Billing.Idempotency;

/// <summary>The header by which a client names one request, so that sending it again does it once.</summary>
internal static partial class KeyHeader
{
    public const string Name = "Idempotency-Key";

    public const int MaxLength = 255;

    /// <summary>The key, or null if none is sent. It means nothing to us: quotes and spaces inside belong to it.</summary>
    /// <exception cref="ApiException">400: it is empty, too long, not printable ASCII, or there are two.</exception>
    public static string? Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Name, out var given))
        {
            return null;
        }
        return given is [{ } key] && WellFormed().IsMatch(key)
            ? key
            : throw new ApiException(ApiError.Validation(new FieldError(
                Name, $"Send one {Name} of 1 to {MaxLength} printable ASCII characters, such as a UUID.", "invalid_key")));
    }

    [GeneratedRegex(@"^[ -~]{1,255}\z")]
    private static partial Regex WellFormed();
}
