use super::*;

#[test]
fn lists() {
    check(&[
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
        ("* a\n* b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
        ("We:\n- a\n- b\nc", "<p>We:</p>\n<ul>\n<li>a</li>\n<li>b<br>c</li>\n</ul>", "We:\n\n- a\n- b\n  c"),
        ("- a\n\n- b", "<ul>\n<li><p>a</p></li>\n<li><p>b</p></li>\n</ul>", "- a\n\n- b"),
        (
            "- a\n\n  more\n- b",
            "<ul>\n<li><p>a</p>\n<p>more</p></li>\n<li><p>b</p></li>\n</ul>",
            "- a\n\n  more\n\n- b",
        ),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>", "1. a\n2. b"),
        ("3) a\n7) b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>", "3. a\n4. b"),
        ("0. a", "<ol start=\"0\">\n<li>a</li>\n</ol>", "0. a"),
        ("9. a\n10. b\n    c", "<ol start=\"9\">\n<li>a</li>\n<li>b<br>c</li>\n</ol>", "9.  a\n10. b\n    c"),
        ("14. March", "<ol start=\"14\">\n<li>March</li>\n</ol>", "14. March"),
        (
            "- a\n  - b\n    1. c\n- d",
            "<ul>\n<li>a\n<ul>\n<li>b\n<ol>\n<li>c</li>\n</ol></li>\n</ul></li>\n<li>d</li>\n</ul>",
            "- a\n  - b\n    1. c\n- d",
        ),
        ("- - a", "<ul>\n<li><ul>\n<li>a</li>\n</ul></li>\n</ul>", "- - a"),
        ("-\n- b", "<ul>\n<li></li>\n<li>b</li>\n</ul>", "-\n- b"),
        (
            "- a\n  - b\n\n    c\n- d",
            "<ul>\n<li>a\n<ul>\n<li><p>b</p>\n<p>c</p></li>\n</ul></li>\n<li>d</li>\n</ul>",
            "- a\n  - b\n\n    c\n- d",
        ),
        (
            "- **a**: {{ stp }}\n- [b c](https://example.org)",
            "<ul>\n<li><strong>a</strong>: Dorset</li>\n<li><a href=\"https://example.org\">b c</a></li>\n</ul>",
            "- a: Dorset\n- b c <https://example.org>",
        ),
        (
            "- https://example.org/a\n- b",
            "<ul>\n<li><a href=\"https://example.org/a\">https://example.org/a</a></li>\n<li>b</li>\n</ul>",
            "- https://example.org/a\n- b",
        ),
        ("- a\n+ b", "<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n</ul>", "- a\n\n- b"),
        ("-2 degrees\n+44 20", "<p>-2 degrees<br>+44 20</p>", "-2 degrees\n+44 20"),
    ]);
}

#[test]
fn quotations() {
    check(&[
        ("> a\n> b", "<blockquote>\n<p>a<br>b</p>\n</blockquote>", "> a\n> b"),
        ("> a\nb", "<blockquote>\n<p>a<br>b</p>\n</blockquote>", "> a\n> b"),
        ("> a\n>\n> b\n\nc", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n<p>c</p>", "> a\n>\n> b\n\nc"),
        (
            "> > a\n\n- > b",
            "<blockquote>\n<blockquote>\n<p>a</p>\n</blockquote>\n</blockquote>\n\
             <ul>\n<li><blockquote>\n<p>b</p>\n</blockquote></li>\n</ul>",
            "> > a\n\n- > b",
        ),
        (
            "> - a\n> - b\n>\n> ---",
            "<blockquote>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<hr>\n</blockquote>",
            "> - a\n> - b\n>\n> ------------------------------",
        ),
    ]);
}
