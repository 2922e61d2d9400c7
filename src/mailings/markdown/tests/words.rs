use super::*;

#[test]
fn paragraphs_and_emphasis() {
    check(&[
        ("Come.", "<p>Come.</p>", "Come."),
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
        ("One\n\n\n\n Two  ", "<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
        ("Town Hall\nHigh Street", "<p>Town Hall<br>High Street</p>", "Town Hall\nHigh Street"),
        ("Town Hall  \nHigh Street", "<p>Town Hall<br>High Street</p>", "Town Hall\nHigh Street"),
        ("Town Hall\\\nHigh Street", "<p>Town Hall<br>High Street</p>", "Town Hall\nHigh Street"),
        ("*now* and _then_", "<p><em>now</em> and <em>then</em></p>", "now and then"),
        ("**now** and __then__", "<p><strong>now</strong> and <strong>then</strong></p>", "now and then"),
        ("***both***", "<p><em><strong>both</strong></em></p>", "both"),
        ("**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>", "a b c"),
        ("**two\nlines**", "<p><strong>two<br>lines</strong></p>", "two\nlines"),
        ("snake_case_name", "<p>snake_case_name</p>", "snake_case_name"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>", "2 * 3 * 4"),
        ("\\*kept\\*", "<p>*kept*</p>", "*kept*"),
        ("Quote `REF-1` to us", "<p>Quote <code>REF-1</code> to us</p>", "Quote REF-1 to us"),
        ("`a < b`", "<p><code>a &lt; b</code></p>", "a < b"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>", "a < b & c > d"),
        ("caf&eacute; &lt;b&gt;", "<p>café &lt;b&gt;</p>", "café <b>"),
        ("“It’s” \"free\"", "<p>“It’s” &quot;free&quot;</p>", "“It’s” \"free\""),
        ("| a | b |\n|---|---|", "<p>| a | b |<br>|---|---|</p>", "| a | b |\n|---|---|"),
        ("~~gone~~ [ ] [x] [^1]", "<p>~~gone~~ [ ] [x] [^1]</p>", "~~gone~~ [ ] [x] [^1]"),
        ("One\n\n---\n\nTwo", "<p>One</p>\n<hr>\n<p>Two</p>", "One\n\n------------------------------\n\nTwo"),
        ("***", "<hr>", "------------------------------"),
    ]);
}

#[test]
fn headings() {
    check(&[
        ("# Have your say", "<h2>Have your say</h2>", "Have your say\n============="),
        ("# One #\nTwo", "<h2>One</h2>\n<p>Two</p>", "One\n===\n\nTwo"),
        ("# A\n## B\n# C", "<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>", "A\n=\n\nB\n-\n\nC\n="),
        (
            "Dear all\n# *In* {{ stp }}",
            "<p>Dear all</p>\n<h2><em>In</em> Dorset</h2>",
            "Dear all\n\nIn Dorset\n=========",
        ),
        ("#hash", "<p>#hash</p>", "#hash"),
    ]);
}

#[test]
fn links() {
    check(&[
        (
            "[our plan](https://example.org/plan)",
            "<p><a href=\"https://example.org/plan\">our plan</a></p>",
            "our plan <https://example.org/plan>",
        ),
        (
            "[**our** plan](https://example.org/?a=1&b=%22)",
            "<p><a href=\"https://example.org/?a=1&amp;b=%22\"><strong>our</strong> plan</a></p>",
            "our plan <https://example.org/?a=1&b=%22>",
        ),
        (
            "<https://example.org/_a_>",
            "<p><a href=\"https://example.org/_a_\">https://example.org/_a_</a></p>",
            "https://example.org/_a_",
        ),
        (
            "[https://example.org](https://example.org/)",
            "<p><a href=\"https://example.org/\">https://example.org</a></p>",
            "https://example.org <https://example.org/>",
        ),
        (
            "<team@example.org>",
            "<p><a href=\"mailto:team@example.org\">team@example.org</a></p>",
            "team@example.org",
        ),
        (
            "[the team](mailto:team@example.org?subject=Plan)",
            "<p><a href=\"mailto:team@example.org?subject=Plan\">the team</a></p>",
            "the team <team@example.org>",
        ),
        (
            "[020 7946 0000](tel:02079460000)",
            "<p><a href=\"tel:02079460000\">020 7946 0000</a></p>",
            "020 7946 0000",
        ),
        (
            "[ring us](tel:+442079460000)",
            "<p><a href=\"tel:+442079460000\">ring us</a></p>",
            "ring us <+442079460000>",
        ),
        (
            "See https://example.org/a?b=1. Or (http://example.org/x_(y)).",
            "<p>See <a href=\"https://example.org/a?b=1\">https://example.org/a?b=1</a>. \
             Or (<a href=\"http://example.org/x_(y)\">http://example.org/x_(y)</a>).</p>",
            "See https://example.org/a?b=1. Or (http://example.org/x_(y)).",
        ),
        (
            "(https://example.org/a]), [https://example.org/b[1]]...",
            "<p>(<a href=\"https://example.org/a\">https://example.org/a</a>]), \
             [<a href=\"https://example.org/b[1]\">https://example.org/b[1]</a>]...</p>",
            "(https://example.org/a]), [https://example.org/b[1]]...",
        ),
        (
            "**https://example.org/a_b_c**, and javascript:alert(1)",
            "<p><strong><a href=\"https://example.org/a_b_c\">https://example.org/a_b_c</a></strong>, \
             and javascript:alert(1)</p>",
            "https://example.org/a_b_c, and javascript:alert(1)",
        ),
        (
            "https:// and xhttps://example.org",
            "<p>https:// and xhttps://example.org</p>",
            "https:// and xhttps://example.org",
        ),
        ("[not a link] (https:/x)", "<p>[not a link] (https:/x)</p>", "[not a link] (https:/x)"),
    ]);
}

#[test]
fn fields_stand_where_words_do() {
    check(&[
        ("Dear {{ name }},", "<p>Dear The Chair,</p>", "Dear The Chair,"),
        ("{{name}}{{ stp }}", "<p>The ChairDorset</p>", "The ChairDorset"),
        ("({{ organisation }}).", "<p>(Health &amp; Care Forum).</p>", "(Health & Care Forum)."),
        ("**{{ stp }}**s", "<p><strong>Dorset</strong>s</p>", "Dorsets"),
        ("the**{{ stp }}**s", "<p>the<strong>Dorset</strong>s</p>", "theDorsets"),
        ("_{{ stp }}_", "<p><em>Dorset</em></p>", "Dorset"),
        ("for_{{ stp }}_only", "<p>for_Dorset_only</p>", "for_Dorset_only"),
        (
            "__{{ stp }}__, *{{ name }}*",
            "<p><strong>Dorset</strong>, <em>The Chair</em></p>",
            "Dorset, The Chair",
        ),
        (
            "[The {{ stp }} plan](https://example.org)",
            "<p><a href=\"https://example.org\">The Dorset plan</a></p>",
            "The Dorset plan <https://example.org>",
        ),
        (
            "[{{ stp }}](https://example.org)",
            "<p><a href=\"https://example.org\">Dorset</a></p>",
            "Dorset <https://example.org>",
        ),
        ("<{{ stp }}>", "<p>&lt;Dorset&gt;</p>", "<Dorset>"),
        ("[{{ stp }}]", "<p>[Dorset]</p>", "[Dorset]"),
        ("\\{{ stp }}", "<p>\\Dorset</p>", "\\Dorset"),
        ("{{ stp }}. Next", "<p>Dorset. Next</p>", "Dorset. Next"),
        ("{{ stp }}https://example.org", "<p>Dorsethttps://example.org</p>", "Dorsethttps://example.org"),
        (
            "> {{ stp }}\n\n- {{ stp }}",
            "<blockquote>\n<p>Dorset</p>\n</blockquote>\n<ul>\n<li>Dorset</li>\n</ul>",
            "> Dorset\n\n- Dorset",
        ),
    ]);
}

#[test]
fn long_lines_are_wrapped_and_words_never_broken() {
    let letter = |source: &str| Source::parse(source).unwrap().text(&values()).unwrap();
    let word = "consultation ".repeat(12);
    let text = letter(&format!("{word}\n\n- {word}\n\n> 1. {word}"));
    assert!(text.lines().all(|line| line.len() <= 72), "{text}");
    assert_eq!(text.matches("consultation").count(), 36);
    let paragraph = "consultation consultation consultation consultation consultation\n";
    assert!(text.starts_with(&format!("{paragraph}{paragraph}consultation consultation\n\n- con")), "{text}");
    assert!(text.contains("\n  consultation consultation"), "{text}");
    assert!(text.contains("\n> 1. consultation") && text.contains("\n>    consultation"), "{text}");
    let address = format!("https://example.org/{}", "a".repeat(90));
    assert_eq!(letter(&format!("Read {address} today")), format!("Read\n{address}\ntoday"));
    assert_eq!(letter(&format!("[The plan]({address}).")), format!("The plan\n<{address}>."));
    let exact = format!("{} {}", "é".repeat(35), "é".repeat(36));
    assert_eq!(letter(&exact), exact, "72 characters fit");
    let over = format!("{} {}", "é".repeat(36), "é".repeat(36));
    assert_eq!(letter(&over), over.replace(' ', "\n"), "73 do not");
    let heading = letter(&format!("# {word}"));
    assert!(heading.ends_with(&format!("\nconsultation consultation\n{}", "=".repeat(64))), "{heading}");
}
