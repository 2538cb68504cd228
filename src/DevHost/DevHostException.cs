namespace DevHost;

/// <summary>Something that the newcomer can put right; the message says how.</summary>
internal sealed class DevHostException(string message, Exception? cause = null) : Exception(message, cause);
