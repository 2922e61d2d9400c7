//! HTML to plain text, as far as it is read here: lines, quotations and entities.

use mail_parser::decoders::html::add_html_token;

/// Text without its tags; what is quoted has `> ` before it.
pub(super) fn text(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        page.say(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        // A sign that opens nothing is a sign.
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            page.say("<");
            rest = &rest[1..];
            continue;
        }
        let Some(end) = rest.find('>') else { return page.done() };
        page.tag(&rest[1..end]);
        rest = &rest[end + 1..];
    }
    page.say(rest);
    page.done()
}

#[derive(Default)]
struct Page {
    lines: Vec<String>,
    line: String,
    quoted: usize,
    /// The element whose content is not shown.
    hidden: Option<String>,
    as_it_stands: bool,
}

impl Page {
    fn say(&mut self, text: &str) {
        if self.hidden.is_some() || text.is_empty() {
            return;
        }
        let text = entities(text);
        if self.as_it_stands {
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    self.line_ends();
                }
                self.line.push_str(line);
            }
            return;
        }
        for c in text.chars() {
            if c.is_whitespace() {
                if !self.line.is_empty() && !self.line.ends_with(' ') {
                    self.line.push(' ');
                }
            } else {
                self.line.push(c);
            }
        }
    }

    fn line_ends(&mut self) {
        let line = std::mem::take(&mut self.line);
        let marks = "> ".repeat(self.quoted.min(5));
        self.lines.push(format!("{marks}{}", line.trim_end()));
    }

    /// A block begins or ends: what was said so far is a line.
    fn block(&mut self) {
        if !self.line.trim().is_empty() {
            self.line_ends();
        }
    }

    fn tag(&mut self, tag: &str) {
        let closing = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if let Some(hidden) = &self.hidden {
            if closing && *hidden == name {
                self.hidden = None;
            }
            return;
        }
        match name.as_str() {
            "script" | "style" | "head" | "title" | "template" if !closing && !tag.ends_with('/') => {
                self.hidden = Some(name);
            }
            "br" => self.line_ends(),
            "blockquote" => {
                self.block();
                self.quoted = if closing { self.quoted.saturating_sub(1) } else { self.quoted + 1 };
            }
            "pre" => {
                self.block();
                self.as_it_stands = !closing;
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "ul" | "ol" | "table" if closing => {
                self.block();
                self.line_ends();
            }
            "hr" => {
                self.block();
                self.line.push_str("________________________________");
                self.line_ends();
            }
            "td" | "th" if closing => self.line.push(' '),
            "p" | "div" | "tr" | "li" | "h1" | "h2" | "h3" | "h4" | "ul" | "ol" | "table" | "body" => {
                self.block();
            }
            _ => {}
        }
    }

    fn done(mut self) -> String {
        self.block();
        self.lines.join("\n")
    }
}

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let sound = end.filter(|end| rest[1..*end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#'));
        if let Some(end) = sound {
            add_html_token(&mut out, &rest.as_bytes()[..=end], false);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out.replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_lines() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><p>Dear all,</p>\n<div>a &lt; b \
                    &amp; caf&eacute; &#233;<br>c &nbsp; d</div><!-- no --><blockquote>old<br>words</blockquote>3 < 4";
        assert_eq!(text(html), "Dear all,\n\na < b & café é\nc d\n> old\n> words\n3 < 4");
        for broken in ["<", "<p", "a<!--", "&", "&;", "&#xffffffff;", "<style>a", "é&é;", "</", "<pre>a\nb"]
        {
            let _ = text(broken);
        }
    }
}
