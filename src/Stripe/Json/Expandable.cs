using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>A reference as Stripe sends it: an id, or in the same place the object itself when it was expanded.</summary>
[JsonConverter(typeof(ExpandableConverterFactory))]
internal readonly struct Expandable<T>
    where T : class, IHasId
{
    public Expandable(string? id) => Id = id;

    public Expandable(T? value) => (Id, Value) = (value?.Id, value);

    public string? Id { get; }
    public T? Value { get; }
}
