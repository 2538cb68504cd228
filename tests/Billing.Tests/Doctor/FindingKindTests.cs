using System.Reflection;
using System.Text.RegularExpressions;
using Billing.Doctor;
using Billing.StripeCalls;
using Billing.Tests.World;

namespace Billing.Tests.Doctor;

/// <summary>The table of findings is complete, and the page that explains them explains these.</summary>
public sealed class FindingKindTests
{
    [Fact]
    public void Table_HasEveryKindOnce_AndTheDocumentsExplainEach()
    {
        var declared = typeof(FindingKinds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<FindingKind>().ToList();
        Assert.Equal(declared, FindingKinds.All);
        Assert.Equal(FindingKinds.All.Count, FindingKinds.All.Select(kind => kind.Code).Distinct().Count());

        var rows = Regex.Matches(File.ReadAllText(Repository.PathOf("docs/setup.md")), @"^\| `(\w+)` \| (error|warning) \|", RegexOptions.Multiline);
        Assert.Equal(
            FindingKinds.All.Select(kind => (kind.Code, kind.Severity.ToString().ToLowerInvariant())),
            rows.Select(row => (row.Groups[1].Value, row.Groups[2].Value)));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 0.9, 1, 0)]
    [InlineData(0, 5, 10, 0)] // answered at some time in between, for all that is known
    [InlineData(0, 12, 2, -10)]
    [InlineData(20, 9, 21, 10)] // the other's second lasts until 10
    public void Distance_OfTwoClocks_IsWhatNetworkAndTicksDoNotExplain(double before, double other, double after, double ahead)
    {
        var start = DateTimeOffset.UnixEpoch;
        Assert.Equal(
            TimeSpan.FromSeconds(ahead), StripeClock.Distance(start.AddSeconds(before), start.AddSeconds(other), start.AddSeconds(after)));
    }
}
