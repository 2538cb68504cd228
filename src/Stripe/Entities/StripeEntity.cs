using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>An object of the API. It holds the members that are declared here; what else Stripe sent is in the response.</summary>
public abstract class StripeEntity<T>
    where T : StripeEntity<T>
{
    /// <summary>The answer that carried this object; null for one that came inside another or in an event.</summary>
    [JsonIgnore]
    public StripeResponse? StripeResponse { get; set; }

    /// <exception cref="StripeException">The text is not JSON of such an object.</exception>
    public static T FromJson(string value)
    {
        try
        {
            return StripeJson.Deserialize<T>(Encoding.UTF8.GetBytes(value));
        }
        catch (JsonException exception)
        {
            throw new StripeException($"The text is not the JSON of a {typeof(T).Name}.", exception);
        }
    }

    public string ToJson() => StripeJson.Serialize((T)this);
}
