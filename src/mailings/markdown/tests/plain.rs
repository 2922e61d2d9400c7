//! Letters written as plain text look as they did before there was Markdown.

use super::*;

#[test]
fn what_markdown_would_take_for_something_else() {
    check(&[
        ("Kind regards\n--\nThe team", "<p>Kind regards<br>--<br>The team</p>", "Kind regards\n--\nThe team"),
        (
            "Kind regards\n-- \nThe team",
            "<p>Kind regards<br>--<br>The team</p>",
            "Kind regards\n--\nThe team",
        ),
        ("The plan\n========", "<p>The plan<br>========</p>", "The plan\n========"),
        ("> The plan\n> ==", "<blockquote>\n<p>The plan<br>==</p>\n</blockquote>", "> The plan\n> =="),
        (
            "The plan\n-----\nRead it",
            "<p>The plan</p>\n<hr>\n<p>Read it</p>",
            "The plan\n\n------------------------------\n\nRead it",
        ),
        ("The plan\n-", "<p>The plan<br>-</p>", "The plan\n-"),
        ("    Town Hall\n    High Street", "<p>Town Hall<br>High Street</p>", "Town Hall\nHigh Street"),
        (
            "At:\n\n    **Town Hall**\n    {{ stp }}\n\n\tand https://example.org",
            "<p>At:</p>\n<p><strong>Town Hall</strong><br>Dorset</p>\n\
             <p>and <a href=\"https://example.org\">https://example.org</a></p>",
            "At:\n\nTown Hall\nDorset\n\nand https://example.org",
        ),
        ("- a\n\n      b", "<ul>\n<li><p>a</p>\n<p>b</p></li>\n</ul>", "- a\n\n  b"),
        (
            "When:     noon\nWhere:\there",
            "<p>When:     noon<br>Where:\there</p>",
            "When:     noon\nWhere:\there",
        ),
        (
            "One\r\nTwo\r\n\r\nThree\rFour",
            "<p>One<br>Two</p>\n<p>Three<br>Four</p>",
            "One\nTwo\n\nThree\nFour",
        ),
        ("--", "<p>--</p>", "--"),
        ("==", "<p>==</p>", "=="),
        ("", "", ""),
        ("\n \n", "", ""),
    ]);
}

/// Paragraphs of lines, as the mail template had them.
fn before(text: &str) -> String {
    let paragraphs: Vec<String> =
        text.split("\n\n").map(|lines| format!("<p>{}</p>", lines.replace('\n', "<br>"))).collect();
    paragraphs.join("\n")
}

proptest::proptest! {
    #[test]
    fn plain_words_stay_as_they_are(
        text in "[A-Z][a-z]{0,8}( [a-z0-9]{1,8}[,.!]?){0,6}(\n{1,2}[A-Z][a-z]{0,8}( [a-z0-9]{1,8}[,.!]?){0,6}){0,6}",
    ) {
        let letter = Source::parse(&text).unwrap();
        proptest::prop_assert_eq!(letter.html(&values()).unwrap(), before(&text));
        proptest::prop_assert_eq!(letter.text(&values()).unwrap(), text);
    }
}
