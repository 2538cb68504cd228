namespace LocalPostgres;

/// <summary>
/// No server could be found, started, reached or stopped. The message says what to do about it and, where the server itself
/// failed, ends with the tail of its log.
/// </summary>
public sealed class LocalPostgresException : Exception
{
    public LocalPostgresException(string message)
        : base(message)
    {
    }

    public LocalPostgresException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
