use proptest::prelude::*;
use scraper::Html;

use super::*;

/// Every construct with a field in it.
const LETTER: &str = "# To {{ name }}\n\nDear *{{ name }}*,\nof **{{ organisation }}**\n\n- {{ name }}\n- b\n\n\
    > {{ group }}\n\n1. [See {{ name }}](https://example.org/a)\n\n   `code` <team@example.org>\n\n---\n\n{{ stp }}.";

/// The elements of some HTML in their order, with their attributes.
fn elements(html: &str) -> Vec<String> {
    Html::parse_fragment(html)
        .root_element()
        .descendants()
        .filter_map(|node| node.value().as_element().map(|element| format!("{element:?}")))
        .collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Values that mean something to Markdown, HTML or mail, and any others.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-*_`#>\\[\\]()<>&!|\\\\{}a-c:/\"' \\r\\n\\t]{1,40}",
        ".{1,60}",
        Just("*Ann* <b>".to_owned()),
        Just("[x](http://example.com)".to_owned()),
        Just("</p><script>alert(1)</script>".to_owned()),
        Just("\" onclick=\"x".to_owned()),
        Just("{{ stp }} \u{fdd0}".to_owned()),
        Just("ends with spaces   ".to_owned()),
        Just("two\r\n\r\n# lines".to_owned()),
    ]
}

proptest! {
    #[test]
    fn a_value_is_words_and_nothing_else(name in value(), organisation in value(), group in value()) {
        prop_assume!([&name, &organisation, &group].iter().all(|value| !value.trim().is_empty()));
        let letter = Source::parse(LETTER).unwrap();
        let of = |name: &str, organisation: &str, group: &str| Values {
            name: Some(name.into()), organisation: Some(organisation.into()), group: Some(group.into()),
            stp: Some("Dorset".into()),
        };
        let values = of(&name, &organisation, &group);
        let (html, text) = (letter.html(&values).unwrap(), letter.text(&values).unwrap());
        let plain = letter.html(&of("a", "b", "c")).unwrap();
        prop_assert_eq!(elements(&html), elements(&plain));
        prop_assert_eq!(elements(&html).len(), 20);
        let shown: String = Html::parse_fragment(&html).root_element().text().collect();
        let text = words(&text.replace("\n> ", "\n"));
        for value in [&name, &organisation, &group] {
            let value: String = words(value).chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
            prop_assert!(shown.contains(&value), "{:?} in {:?}", value, shown);
            prop_assert!(text.contains(&value), "{:?} in {:?}", value, text);
        }
        let filled = letter.filled(&values).unwrap();
        prop_assert!(filled.matches(name.as_str()).count() >= 4, "{}", filled);
    }

    #[test]
    fn no_source_makes_it_panic(source in "([-*_`#>\\[\\]()<>&!|~=.:/\"\\\\{} a-c0-9\\r\\n\\t]|\\{\\{ name \\}\\}|    |https://|\n|\u{fdd0}|é){0,60}") {
        match Source::parse(&source) {
            Ok(letter) => {
                let html = letter.html(&values()).unwrap();
                prop_assert!(!letter.text(&values()).unwrap().ends_with('\n'));
                let known = ["html", "h2", "h3", "p", "ul", "ol", "li", "blockquote", "em", "strong", "code", "a", "hr", "br"];
                let parsed = Html::parse_fragment(&html);
                for element in parsed.root_element().descendants().filter_map(|node| node.value().as_element()) {
                    prop_assert!(known.contains(&element.name()), "{}", html);
                }
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                let lines = source.replace("\r\n", "\n").split(['\r', '\n']).count();
                prop_assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)), "{:?}", problems);
            }
        }
    }

    #[test]
    fn no_word_of_a_letter_is_lost(source in "([a-z]{1,6}|[ \n>*_#-]|\n- |\n1. |\n\n|    |`|\\[|\\]|\\]: |\\(|\\)){0,40}") {
        let Ok(letter) = Source::parse(&source) else { return Ok(()) };
        let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
        prop_assert_eq!(letters(&letter.text(&values()).unwrap()), letters(&source));
    }
}

#[test]
fn a_blank_field_is_refused_by_every_part() {
    let letter = Source::parse("# {{ stp }}\n\n*{{ name }}* {{ organisation }} {{ name }}").unwrap();
    for blank in [None, Some(" \n ".to_owned())] {
        let values =
            Values { name: blank.clone(), organisation: blank, group: None, stp: Some("Dorset".into()) };
        let expected = [Field::Name, Field::Organisation];
        assert_eq!(letter.filled(&values).unwrap_err(), expected);
        assert_eq!(letter.html(&values).unwrap_err(), expected);
        assert_eq!(letter.text(&values).unwrap_err(), expected);
        assert_eq!(letter.words().fill(&values).unwrap_err(), expected);
    }
}

#[test]
fn what_is_frozen_is_the_source_with_its_values() {
    let source = "# {{ stp }}\r\n\r\nDear **{{ name }}**,\r\n  see <https://example.org>.  \r\n";
    let filled = Source::parse(source).unwrap().filled(&values()).unwrap();
    assert_eq!(filled, "# Dorset\n\nDear **The Chair**,\n  see <https://example.org>.  \n");
}

#[test]
fn long_and_odd_sources_are_read() {
    for odd in [
        "*a ",
        "_",
        "[",
        "[a](",
        "`",
        "<",
        "> ",
        "- a\n",
        "&amp;",
        "**a_",
        "![",
        "\\",
        "https://a ",
        "]: a\n[",
        "https://a) ",
    ] {
        let source: String = odd.repeat(20_000 / odd.len());
        let read = Source::parse(&source).map(|letter| (letter.html(&values()), letter.text(&values())));
        assert!(read.is_err() || read.is_ok_and(|(html, text)| html.is_ok() && text.is_ok()), "{odd}");
    }
    let paragraph = "Dear {{ name }}, come to [the meeting](https://example.org/m) in **{{ stp }}**.\n\n";
    let letter = Source::parse(&paragraph.repeat(240)).unwrap();
    assert_eq!(letter.html(&values()).unwrap().matches("<p>").count(), 240);
    assert_eq!(letter.text(&values()).unwrap().matches("The Chair").count(), 240);
}
