namespace Benchmarks.Load;

/// <summary>What a load sends. Every sender has a cursor of its own; the requests are safe for use by several.</summary>
internal interface IRequests
{
    IRequestCursor Open(Uri url);
}

/// <summary>One sender's way through the requests.</summary>
internal interface IRequestCursor
{
    /// <summary>The next whole HTTP request, to be sent before the next one is asked for; null if there is none left.</summary>
    byte[]? Next();

    /// <summary>The last one was answered with 200.</summary>
    void Accept();
}
