using Microsoft.Playwright;

namespace Browser.Tests.World;

/// <summary>What the browser complains about: errors on the console (breaches of the content security policy are there), and of scripts.</summary>
internal sealed class Complaints
{
    private readonly List<string> _heard = [];
    private readonly List<string> _expected = [];

    public void Watch(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _heard.Add($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _heard.Add("Script: " + error);
    }

    /// <summary>A refusal that this test is about; the browser complains about each.</summary>
    public void Expect(int status) => _expected.Add($"status of {status}");

    public void AssertNone()
    {
        var unexpected = _heard.Where(complaint => !_expected.Any(expected => complaint.Contains(expected, StringComparison.Ordinal)));
        Assert.Empty(unexpected);
    }
}
