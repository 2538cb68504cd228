namespace Billing.Api;

/// <summary>Either a value or the refusal to give one; a refusal is expected and is not an exception.</summary>
internal readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, ApiError? error)
    {
        _value = value;
        Error = error;
    }

    public ApiError? Error { get; }

    /// <exception cref="InvalidOperationException">The result is a refusal.</exception>
    public T Value => Error is null ? _value! : throw new InvalidOperationException($"Refused: {Error.Code}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(ApiError error) => new(default, error);

    /// <summary>The same refusal, or another value made of the value.</summary>
    public Result<TOther> Map<TOther>(Func<T, TOther> map) => Error is null ? map(_value!) : Error;

    /// <summary>The value as 200 with <paramref name="map"/>'s body, or the refusal in the error shape.</summary>
    public IResult ToHttp<TBody>(Func<T, TBody> map) => Error is null ? new JsonAnswer(map(_value!)!) : new ErrorResult(Error);
}
