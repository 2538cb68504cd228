namespace LocalPostgres;

/// <summary>How a server is stopped.</summary>
public enum PostgresStop
{
    /// <summary>Open transactions are rolled back, clients are told (57P01), the data is left clean.</summary>
    Fast,

    /// <summary>As in a crash: nothing is written any more, and the next start recovers from the log.</summary>
    Immediate,
}
