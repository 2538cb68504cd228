namespace Benchmarks;

/// <summary>Nothing can be measured; the message says what to do.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
