namespace Stripe;

/// <summary>An option that takes either of two types; assign one, it converts.</summary>
public sealed class AnyOf<T1, T2> : IAnyOf
{
    private readonly object? _value;

    private AnyOf(object? value) => _value = value;

    object? IAnyOf.Value => _value;

    public static implicit operator AnyOf<T1, T2>?(T1? value) => value is null ? null : new(value);

    public static implicit operator AnyOf<T1, T2>?(T2? value) => value is null ? null : new(value);
}
