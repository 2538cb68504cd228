using System.Collections;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>
/// One page of objects, newest first. A list inside another object is its first page: when <see cref="HasMore"/> is true, the
/// rest is behind <see cref="Url"/>.
/// </summary>
[JsonConverter(typeof(StripeListConverterFactory))]
public sealed class StripeList<T> : StripeEntity<StripeList<T>>, IEnumerable<T>
{
    public string Object { get; set; } = "list";
    public List<T> Data { get; set; } = [];
    public bool HasMore { get; set; }
    public string Url { get; set; } = "";

    public IEnumerator<T> GetEnumerator() => Data.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
