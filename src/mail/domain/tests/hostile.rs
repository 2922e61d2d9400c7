//! Whatever the DNS says, and however slowly: there is an answer, in bounds.

use proptest::prelude::*;

use super::*;

/// Says the same of every name.
struct Echo {
    texts: Vec<String>,
    names: Vec<String>,
    address: Option<IpAddr>,
}

impl Resolve for Echo {
    async fn txt(&self, _: &str) -> Result<Vec<String>, Failure> {
        Ok(self.texts.clone())
    }

    async fn mx(&self, _: &str) -> Result<Vec<Exchange>, Failure> {
        Ok(self.names.iter().map(|host| Exchange { preference: 7, host: host.clone() }).collect())
    }

    async fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, Failure> {
        self.address.map(|address| vec![address]).ok_or(Failure::NoSuchName)
    }

    async fn ptr(&self, _: IpAddr) -> Result<Vec<String>, Failure> {
        Ok(self.names.clone())
    }
}

fn texts() -> impl Strategy<Value = String> {
    let spf = concat!(
        "(v=spf1)( [-+~?]?(a|mx|ptr|all|include|exists|redirect|exp|ip4|ip6|é)",
        "[:=/]?[%{}a-z0-9./_:-]{0,12}){0,14}"
    );
    let term = prop::sample::select(vec![
        "include:x.example",
        "redirect=%{d}",
        "a",
        "mx/24//64",
        "ptr",
        "exists:%{ir}.%{v}.%{d1r}",
        "?all",
        "-all",
        "include:%{l}.x.example",
        "ip4:192.0.2.0/24",
        "ip6:::/0",
        "exists:%{D2r-}.y.example",
        "a:é.example",
    ]);
    let sound = prop::collection::vec(term, 0..16).prop_map(|terms| format!("v=spf1 {}", terms.join(" ")));
    prop_oneof![
        any::<String>(),
        "\\PC{0,40}",
        spf,
        sound,
        "(v=DMARC1)(; ?(p|sp|pct|rua|aspf|adkim|é)=[a-z0-9:@., é-]{0,12}){0,8}",
        "(v=DKIM1)?(; ?(k|p|t|h|s|n)=[A-Za-z0-9+/=: ]{0,60}){0,6}",
        "(v=DKIM1; p=MI)[A-Za-z0-9+/]{0,400}",
        "v=[\u{0}-\u{ff}]{0,3000}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_record_is_too_much(
        texts in prop::collection::vec(texts(), 0..3),
        names in prop::collection::vec(prop_oneof![any::<String>(), "[a-z.]{0,300}", Just(".".to_owned())], 0..14),
        address in any::<Option<[u8; 4]>>(),
        from in prop_oneof![any::<String>(), Just("mail.example.org".to_owned())],
        selector in prop_oneof![any::<String>(), Just("s1".to_owned())],
    ) {
        let echo = Echo { texts, names, address: address.map(IpAddr::from) };
        let mut setup = setup(&from, "example.org", &["192.0.2.1", "2001:db8::1"], &[]);
        setup.dkim_selectors.push(selector);
        let checks = run_any(&setup, &echo);
        prop_assert!(checks.len() >= 7);
        setup.return_domain = from;
        run_any(&setup, &echo);
    }
}

/// What holds of every check, however odd what was found.
fn run_any(setup: &Setup, dns: &impl Resolve) -> Vec<Check> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let checks = runtime.block_on(check(setup, dns));
    for check in &checks {
        let all = format!("{}{}{}", check.found, check.said, check.change);
        assert!(!all.contains(|c: char| c.is_control() || c == '\u{202e}'), "{check:?}");
        assert!(check.found.chars().count() <= FOUND && check.said.chars().count() <= SAID, "{check:?}");
        assert!(check.change.chars().count() <= CHANGE + LONGEST_RECORD, "{check:?}");
        assert_eq!(check.change.is_empty(), check.state == State::Good, "{check:?}");
    }
    checks
}

/// A proposed record comes on top.
const LONGEST_RECORD: usize = 800;

#[test]
fn what_was_found_is_cut_and_cleaned() {
    let long = format!("example.org TXT v=spf1 {}\u{7}\u{202e} -all", "a:x.example ".repeat(3000));
    let checks = run(&setup("example.org", "example.org", &["192.0.2.1"], &[]), &zone(&[&long]));
    assert!(
        only(What::Spf, &checks).found.contains("look-ups)") || only(What::Spf, &checks).found.ends_with('…')
    );
    let odd = "_dmarc.example.org TXT v=DMARC1; p=\u{1b}[31mred\u{202e}; rua=mailto:r@example.org";
    let checks = run(&setup("example.org", "example.org", &[], &[]), &zone(&[odd]));
    assert!(only(What::Dmarc, &checks).said.contains("“�[31mred�”"));
}

/// Never answers.
struct Silent;

impl Resolve for Silent {
    async fn txt(&self, _: &str) -> Result<Vec<String>, Failure> {
        std::future::pending().await
    }

    async fn mx(&self, _: &str) -> Result<Vec<Exchange>, Failure> {
        std::future::pending().await
    }

    async fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, Failure> {
        std::future::pending().await
    }

    async fn ptr(&self, _: IpAddr) -> Result<Vec<String>, Failure> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for() {
    let setup = setup("example.org", "bounces.example.org", &["192.0.2.1"], &["s1"]);
    let checks = check_within(Duration::from_millis(50), &setup, &Silent).await;
    for check in checks {
        let unknown = check.state == State::Unknown && check.said.contains("time for all checks");
        assert!(unknown, "{check:?}");
    }
}

#[test]
fn a_web_of_records_is_not_followed_without_end() {
    // Each of a hundred records takes in ten others.
    let mut lines = Vec::new();
    for n in 0..100 {
        let next: Vec<String> =
            (1..=10).map(|step| format!("include:s{}.example", (n * 10 + step) % 100)).collect();
        lines.push(format!("s{n}.example TXT v=spf1 {} -all", next.join(" ")));
    }
    lines.push("example.org TXT v=spf1 include:s0.example -all".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let checks = run(&setup("example.org", "example.org", &["192.0.2.1"], &[]), &zone(&lines));
    let spf = only(What::Spf, &checks);
    assert!(spf.state == State::Wrong && spf.said.contains("takes more than"), "{spf:?}");
}
