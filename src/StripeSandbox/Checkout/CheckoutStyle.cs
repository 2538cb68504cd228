namespace StripeSandbox.Checkout;

internal static class CheckoutStyle
{
    public const string Css = """
        :root { font: 16px/1.5 system-ui, sans-serif; color: #1a1f36; background: #f6f8fa; }
        body { margin: 0; padding: 2rem 1rem; }
        main { max-width: 26rem; margin: auto; padding: 1.5rem 2rem; background: #fff; border-radius: .5rem; box-shadow: 0 1px 4px #0002; }
        h1 { font-size: 1.25rem; margin: .5rem 0; }
        ul { list-style: none; padding: 0; }
        li { display: flex; justify-content: space-between; gap: 1rem; padding: .25rem 0; }
        label { display: block; margin-top: .75rem; font-size: .9rem; }
        input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; border: 1px solid #8792a2; border-radius: .25rem; }
        input[type=radio] { width: auto; }
        input[type=radio] + label { display: inline; margin-right: 1rem; }
        fieldset { margin: .75rem 0 0; padding: .5rem 1rem 1rem; border: 1px solid #8792a2; border-radius: .25rem; }
        #pay_with_card:not(:checked) ~ .card, #pay_with_us_bank_account:not(:checked) ~ .us_bank_account, #pay_with_sepa_debit:not(:checked) ~ .sepa_debit { display: none; }
        input[readonly] { background: #eef1f4; }
        button { width: 100%; margin-top: 1.25rem; padding: .6rem; font: inherit; font-weight: 600; color: #fff; background: #0055cc; border: 0; border-radius: .25rem; }
        .badge { margin: 0; padding: .25rem .5rem; font-size: .8rem; background: #ffe8b3; border-radius: .25rem; }
        .total { font-size: 1.5rem; margin: 0; }
        .error { color: #b3093c; }
        """;
}
