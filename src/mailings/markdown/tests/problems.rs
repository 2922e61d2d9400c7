use super::*;

/// Each problem as its line and what is wrong.
fn problems(source: &str) -> Vec<(usize, String)> {
    let problems = Source::parse(source).err().unwrap_or_default();
    assert!(problems.iter().all(|problem| !problem.remedy.is_empty()), "{source:?}");
    problems.into_iter().map(|problem| (problem.line, problem.what)).collect()
}

/// Checks that each source has one problem, on the line, whose words hold those given.
fn check(cases: &[(&str, usize, &str)]) {
    assert!(!cases.is_empty());
    for (source, line, words) in cases {
        let found = problems(source);
        assert_eq!(found.len(), 1, "{source:?}: {found:?}");
        assert_eq!(found[0].0, *line, "{source:?}: {found:?}");
        assert!(found[0].1.contains(words), "{source:?}: {found:?}");
    }
}

#[test]
fn html_and_pictures_are_refused() {
    check(&[
        ("One\n\na <b>bold</b", 3, "<b> is HTML"),
        ("One\n<br>", 2, "<br> is HTML"),
        ("<div>\n\none", 1, "<div> is HTML"),
        ("<div>one\ntwo</div>", 1, "<div>one is HTML"),
        ("One\n\n<!-- {{ name }}\nhidden -->\n\ntwo", 3, "<!-- {{ name }} is HTML"),
        ("<script>alert(1)\n\n*x*</script>", 1, "is HTML"),
        ("- a\n  > <hr/>", 2, "is HTML"),
        ("    a\n    <i>", 2, "<i> is HTML"),
        ("One\n![Map](https://example.org/map.png)", 2, "picture"),
        ("![*a* {{ name }}](x)", 1, "picture"),
        ("[![Map](m.png) of us](https://example.org)", 1, "picture"),
        ("One\n\n```\ncode\n```", 3, "block of code"),
        ("~~~\n{{ name }}", 1, "block of code"),
    ]);
    assert_eq!(problems("a <b>bold</b>").len(), 2, "each tag");
}

#[test]
fn links_lead_somewhere_and_say_where() {
    check(&[
        ("[a b](javascript:alert(1))", 1, "cannot lead to javascript:alert(1)"),
        ("[a b](data:text/html,x)", 1, "cannot lead"),
        ("One\n\n[the plan](plan.html)", 3, "cannot lead to plan.html"),
        ("[the plan](//example.org)", 1, "cannot lead"),
        ("[the plan](www.example.org)", 1, "cannot lead"),
        ("[the plan](https:example.org)", 1, "cannot lead"),
        ("[the plan](https://)", 1, "cannot lead"),
        ("[the plan](ftp://example.org)", 1, "cannot lead"),
        ("<ftp://example.org>", 1, "cannot lead"),
        (&format!("[a b]({})", "é".repeat(9000)), 1, &format!("cannot lead to {}…", "é".repeat(60))),
        ("[us](mailto:us)", 1, "cannot lead"),
        ("[us](tel:none)", 1, "cannot lead"),
        ("[us](tel:12)", 1, "cannot lead"),
        ("[us](tel:020794600x)", 1, "cannot lead"),
        ("[the plan](https://nhs@example.org)", 1, "cannot lead"),
        ("[the plan]()", 1, "no address"),
        ("[the plan](<https://example.org/a b>)", 1, "addresses do not have"),
        ("[](https://example.org)", 1, "no words"),
        ("One [ ** ](https://example.org)", 1, "no words"),
        ("[Click here](https://example.org)", 1, "“Click here” does not say"),
        ("See [**here**.](https://example.org)", 1, "does not say"),
        ("[read\nmore](https://example.org)", 1, "does not say"),
        ("[https://example.org](https://example.com)", 1, "says https://example.org and leads to"),
        ("[the plan](https://example.org \"Read it\")", 1, "“Read it”"),
        ("[the plan]: https://example.org\n\n[the plan]", 1, "shown to nobody"),
        ("One\n\n> [1]: https://example.org", 3, "shown to nobody"),
        ("- [1]: https://example.org", 1, "shown to nobody"),
        ("[a b](https://example.org/{{ name }}x)\n", 1, "{{ name }}"),
    ]);
}

#[test]
fn fields_stand_in_no_address_and_no_code() {
    check(&[
        ("[a b](https://example.org/{{name}})", 1, "address https://example.org/{{ name }}"),
        ("<https://example.org/{{name}}>", 1, "merge field in the address"),
        ("One\ntwo https://example.org/?to={{ name }} now", 2, "begins https://example.org/?to="),
        ("https://example.org/.{{ name }}", 1, "merge field in the address"),
        ("[{{ name }}](mailto:{{ name }})", 1, "mailto:{{ name }}"),
        ("One `{{ name }}`", 1, "between ` signs: {{ name }}"),
        ("https://example.org/_a_ now", 1, "sign of Markdown"),
        ("**a\nb**\n[c\nd](https://example.org)\nhttps://example.org/_a_", 5, "sign of Markdown"),
        ("**a\nhttps://example.org/*b*c**", 2, "sign of Markdown"),
    ]);
}

#[test]
fn misspelt_fields_are_named() {
    check(&[
        ("One\n\nDear {{ nmae }},", 3, "{{ nmae }} is not a merge field"),
        ("**{{ first_name }}**", 1, "{{ first_name }} is not"),
        ("Dear {name}", 1, "{name} is not"),
        ("`{{ x }}`", 1, "{{ x }} is not"),
        ("One\r\n{{", 2, "{{ is not"),
    ]);
    let both = problems("{{ name\n}}\r\n\r\n{{ Name }} <b>");
    let lines: Vec<usize> = both.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 2, 4, 4], "{both:?}");
}

#[test]
fn headings_keep_their_order() {
    check(&[
        ("One\n\n## Two", 3, "below another"),
        ("# One\n\n### Two", 3, "too deep"),
        ("# One\n> # Two", 2, "in a list or a quotation"),
        ("- # Two", 1, "in a list or a quotation"),
        ("    # One\n\n## Two\n\n- a\n\n      # Three", 7, "in a list or a quotation"),
        ("# ", 1, "no words"),
        ("# One\n##", 2, "no words"),
    ]);
}

#[test]
fn what_cannot_be_sent_or_stands_too_deep_is_refused() {
    check(&[
        ("One\n\u{0}two", 2, "cannot be sent"),
        ("One \u{fdd0}", 1, "cannot be sent"),
        ("One &#xFDD0; two", 1, "&#xFDD0; is a character that cannot"),
        ("One\n\n&#10;", 3, "cannot be sent"),
        (&format!("One\n\n{}", "> ".repeat(11)), 3, "more than 10 deep"),
        (&format!("{}a", "- ".repeat(5000)), 1, "more than 10 deep"),
        (&format!("{}c{}", "*a _b ".repeat(6), "_*".repeat(6)), 1, "more than 10 deep"),
        (&format!("{}a", "-      ".repeat(2000)), 1, "more than 10 deep"),
    ]);
    assert!(problems(&format!("{}a", "> ".repeat(10))).is_empty());
}

#[test]
fn a_problem_reads_as_a_sentence() {
    let found = Source::parse("One\n[here](https://example.org)").unwrap_err();
    assert_eq!(
        found[0].to_string(),
        "Line 2: the link “here” does not say where it leads. \
         Many people read only a page’s links: write what they will find there"
    );
}
