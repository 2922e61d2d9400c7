//! Makes the face: takes the NHS frontend's compiled styles from npm, joins our own, and writes what the
//! program serves under `/assets` into `OUT_DIR`.
//!
//! npm's package → without font faces and outside addresses → joined with `assets/app.css` → named by its
//! content, with a compressed copy → a table in `assets.rs` that `src/web/assets.rs` includes.
//!
//! No page may ask another host for anything, so the build fails where a style still would.

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

type Outcome<T> = Result<T, Box<dyn Error>>;

const STYLES: &str = "node_modules/nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css";
const IMAGES: &str = "node_modules/nhsuk-frontend/dist/nhsuk/assets/images";
/// How the NHS frontend's styles name their images.
const IMAGE_ADDRESS: &str = "url(/assets/images/";

fn main() {
    if let Err(problem) = build() {
        eprintln!("\nThe face could not be built: {problem}\n");
        std::process::exit(1);
    }
}

fn build() -> Outcome<()> {
    let root = &told("CARGO_MANIFEST_DIR")?;
    // The templates are compiled in: a new file among them must be seen.
    for watched in ["build.rs", "assets", "templates", "package.json", "package-lock.json", STYLES] {
        println!("cargo::rerun-if-changed={watched}");
    }
    fetch(root)?;

    let mut table = Table { out: told("OUT_DIR")?, rows: String::new(), names: String::new() };
    let theirs = without_fonts(&fs::read_to_string(root.join(STYLES))?)?;
    let theirs = with_images(&theirs, &root.join(IMAGES), &mut table)?;
    let ours = fs::read_to_string(root.join("assets/app.css"))?;
    let style = format!("{theirs}\n{}", squeezed(&ours));
    closed(&style)?;

    table.add("STYLE", "style.css", "text/css; charset=utf-8", style.as_bytes())?;
    table.add(
        "SCRIPT",
        "app.js",
        "text/javascript; charset=utf-8",
        &fs::read(root.join("assets/app.js"))?,
    )?;
    table.add("ICON", "mark.svg", "image/svg+xml", &fs::read(root.join("assets/mark.svg"))?)?;
    table.write()
}

/// A folder that cargo names: where the package is, where it wants the results. Asked when this runs and not when it was
/// compiled, since two checkouts may share what is compiled.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script through the environment, and in no other way"
)]
fn told(name: &str) -> Outcome<PathBuf> {
    Ok(PathBuf::from(std::env::var_os(name).ok_or_else(|| format!("cargo gave no {name}"))?))
}

/// Fetches the npm packages of the lockfile when they are not there.
fn fetch(root: &Path) -> Outcome<()> {
    if root.join(STYLES).exists() {
        return Ok(());
    }
    println!("cargo::warning=node_modules is missing: fetching the NHS frontend with npm ci");
    let done = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(root)
        .output()
        .map_err(|why| {
            format!("npm could not be started ({why}). Install Node.js 20 or later, which brings npm, and build again")
        })?;
    if !done.status.success() {
        return Err(format!(
            "`npm ci --ignore-scripts` failed. Check that a package registry can be reached, run it in {} and build \
             again. npm said:\n{}",
            root.display(),
            String::from_utf8_lossy(&done.stderr)
        )
        .into());
    }
    if root.join(STYLES).exists() {
        Ok(())
    } else {
        Err(format!("npm ci ended well, and yet {STYLES} is not there").into())
    }
}

/// The styles without the fonts that they would load from another host, and without what else points outside.
fn without_fonts(css: &str) -> Outcome<String> {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("@font-face") {
        kept.push_str(&rest[..at]);
        let end = rest[at..].find('}').ok_or("a @font-face without an end")?;
        rest = &rest[at + end + 1..];
    }
    kept.push_str(rest);
    if let Some(at) = kept.find("/*# sourceMappingURL") {
        kept.truncate(at);
    }
    Ok(kept.replace("font-family:Frutiger W01,arial,sans-serif", "font-family:Arial,Helvetica,sans-serif"))
}

/// The styles with each image served by us, under a name made of its content.
fn with_images(css: &str, images: &Path, table: &mut Table) -> Outcome<String> {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    let mut seen = std::collections::BTreeMap::new();
    while let Some(at) = rest.find(IMAGE_ADDRESS) {
        kept.push_str(&rest[..at]);
        let after = &rest[at + IMAGE_ADDRESS.len()..];
        let end = after.find(')').ok_or("an image without an end")?;
        let file = &after[..end];
        if !seen.contains_key(file) {
            let name = table.add("", file, "image/svg+xml", &fs::read(images.join(file))?)?;
            seen.insert(file.to_owned(), name);
        }
        write!(kept, "url({})", seen[file])?;
        rest = &after[end + 1..];
    }
    kept.push_str(rest);
    Ok(kept)
}

/// Our styles without comments and the white space at the ends of lines.
fn squeezed(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("/*") {
        kept.push_str(&rest[..at]);
        rest = rest[at..].find("*/").map_or("", |end| &rest[at + end + 2..]);
    }
    kept.push_str(rest);
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Refuses styles that would make a page ask anybody but us.
fn closed(css: &str) -> Outcome<()> {
    for outside in
        ["@import", "@font-face", "http://", "https://", "url(//", "url(\"//", "url('//", "Frutiger"]
    {
        if let Some(at) = css.find(outside) {
            let near: String = css[at..].chars().take(80).collect();
            return Err(format!("the styles still hold {outside}: {near}").into());
        }
    }
    Ok(())
}

/// What is served, as the source of a table.
struct Table {
    out: PathBuf,
    rows: String,
    names: String,
}

impl Table {
    /// Adds a file under a name made of its content, plain and compressed, and gives that name.
    fn add(&mut self, constant: &str, file: &str, media: &str, bytes: &[u8]) -> Outcome<String> {
        let digest: String = Sha256::digest(bytes).iter().take(8).fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        let (stem, suffix) = file.rsplit_once('.').ok_or("an asset without a suffix")?;
        let name = format!("{stem}-{digest}.{suffix}");
        fs::write(self.out.join(&name), bytes)?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes)?;
        fs::write(self.out.join(format!("{name}.gz")), packed.finish()?)?;
        writeln!(
            self.rows,
            "    Asset {{ name: {name:?}, media: {media:?}, etag: \"\\\"{digest}\\\"\", \
             plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")), \
             packed: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")) }},"
        )?;
        if !constant.is_empty() {
            writeln!(
                self.names,
                "/// Address of `{file}`.\npub const {constant}: &str = \"/assets/{name}\";"
            )?;
        }
        Ok(name)
    }

    fn write(self) -> Outcome<()> {
        let Self { out, rows, names } = self;
        fs::write(out.join("assets.rs"), format!("{names}\nstatic ASSETS: &[Asset] = &[\n{rows}];\n"))?;
        Ok(())
    }
}
