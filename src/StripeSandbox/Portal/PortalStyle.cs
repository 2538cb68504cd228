namespace StripeSandbox.Portal;

internal static class PortalStyle
{
    public const string Css = """
        :root { font: 16px/1.5 system-ui, sans-serif; color: #1a1f36; background: #f6f8fa; }
        body { margin: 0; padding: 2rem 1rem; }
        main { max-width: 40rem; margin: auto; padding: 1.5rem 2rem; background: #fff; border-radius: .5rem; box-shadow: 0 1px 4px #0002; }
        h1 { font-size: 1.25rem; margin: .5rem 0; }
        h2 { font-size: 1rem; margin: 1.5rem 0 .25rem; border-bottom: 1px solid #dfe3e8; }
        h3 { font-size: 1rem; margin: .75rem 0 0; }
        p { margin: .25rem 0; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: .25rem .5rem .25rem 0; text-align: left; vertical-align: top; }
        .amount { text-align: right; white-space: nowrap; }
        tfoot th, tfoot td { border-top: 1px solid #dfe3e8; font-weight: 600; }
        label { display: block; margin-top: .75rem; font-size: .9rem; }
        label.choice { font-size: 1rem; }
        input:not([type=radio]), select, textarea { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; border: 1px solid #8792a2; border-radius: .25rem; }
        button, a.button { display: inline-block; margin-top: .5rem; padding: .4rem .8rem; font: inherit; font-weight: 600; color: #fff; background: #0055cc; border: 0; border-radius: .25rem; text-decoration: none; }
        form.inline { display: inline; }
        .notice { padding: .5rem .75rem; background: #eef4ff; border-radius: .25rem; }
        .open-invoice { padding: .5rem .75rem; background: #fdeef2; border-radius: .25rem; }
        .status { padding: 0 .4rem; font-size: .8rem; background: #e3e8ee; border-radius: .25rem; }
        .return { margin-top: 1.5rem; }
        .badge { margin: 0; padding: .25rem .5rem; font-size: .8rem; background: #ffe8b3; border-radius: .25rem; }
        .error { color: #b3093c; }
        """;
}
