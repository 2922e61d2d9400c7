//! The package of an edition: one zip whose bytes follow from its files alone.
//!
//! ```text
//! pack(files)   ─► header, name, bytes … ─► list of headers ─► end        nothing compressed, no clock, no choice
//! unpack(bytes) ─► the files, or the one thing that is not as `pack` writes it
//! ```
//!
//! Files are stored and not compressed: the same files then give the same package on every machine and with every
//! version of every library, and a package cannot unfold into more than it is. `unpack` is no reader of zips at large:
//! it accepts what `pack` writes and nothing else, so that not one byte can change unseen.

use std::fmt;

/// The largest package that is read, in bytes.
pub const LARGEST: usize = 128 << 20;
/// The most files that a package holds.
const MOST: usize = 64;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Version 2.0 of the format is enough for files that are stored.
const NEEDED: u16 = 20;
/// The first day that the format knows: 1 January 1980, midnight.
const DAY: u16 = 0x21;

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Why bytes are not a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file that it is about, where one can be named.
    pub file: Option<String>,
    /// What is wrong, in words.
    pub why: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}: {}", self.why),
            None => write!(f, "the package is damaged: {}", self.why),
        }
    }
}

impl Damage {
    fn of(why: impl Into<String>) -> Self {
        Self { file: None, why: why.into() }
    }

    fn at(file: &str, why: impl Into<String>) -> Self {
        Self { file: Some(file.to_owned()), why: why.into() }
    }
}

/// Packs files in the order of their names. An error where the format cannot hold them.
pub fn pack<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> anyhow::Result<Vec<u8>> {
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_unstable();
    anyhow::ensure!(files.len() <= MOST, "a package holds at most {MOST} files");
    let (mut zip, mut headers) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        anyhow::ensure!(is_name(name), "`{name}` cannot be the name of a file in a package");
        anyhow::ensure!(zip.len() + bytes.len() <= LARGEST, "a package holds at most {} MB", LARGEST >> 20);
        let header = Header::of(name, bytes, zip.len());
        header.write_local(&mut zip);
        zip.extend_from_slice(bytes);
        headers.push(header);
    }
    let tail = tail(&headers, zip.len());
    zip.extend(tail);
    Ok(zip)
}

/// What follows the files: the list of their headers, and where it begins.
fn tail(headers: &[Header<'_>], at: usize) -> Vec<u8> {
    let mut tail = Vec::new();
    for header in headers {
        header.write_central(&mut tail);
    }
    let size = small(tail.len());
    let count = u16::try_from(headers.len()).expect("a package holds at most 64 files");
    tail.extend(END);
    for number in [0, 0, count, count] {
        tail.extend(number.to_le_bytes());
    }
    tail.extend(size.to_le_bytes());
    tail.extend(small(at).to_le_bytes());
    tail.extend(0_u16.to_le_bytes());
    tail
}

/// A length or a place in a package, as the format writes it.
fn small(number: usize) -> u32 {
    u32::try_from(number).expect("a package is far smaller than 4 GB, as `LARGEST` has it")
}

/// Takes a package apart. Gives what is wrong with it where it is not, byte for byte, what [`pack`] writes.
pub fn unpack(zip: &[u8]) -> Result<Vec<Packed>, Damage> {
    if zip.len() > LARGEST {
        return Err(Damage::of(format!("it is larger than {} MB", LARGEST >> 20)));
    }
    if !zip.starts_with(&LOCAL) {
        return Err(Damage::of("it does not begin as a zip of files begins"));
    }
    let mut files: Vec<Packed> = Vec::new();
    let mut at = 0;
    let mut places = Vec::new();
    while zip[at..].starts_with(&LOCAL) {
        if files.len() == MOST {
            return Err(Damage::of(format!("it holds more than {MOST} files")));
        }
        let (file, size) = read_local(&zip[at..], files.last().map(|file| file.name.as_str()))?;
        files.push(file);
        places.push(at);
        at += size;
    }
    // What follows the files says nothing that they do not: it is what `pack` writes, or it is damaged.
    let headers: Vec<Header<'_>> =
        files.iter().zip(places).map(|(file, at)| Header::of(&file.name, &file.bytes, at)).collect();
    let (ours, theirs) = (tail(&headers, at), &zip[at..]);
    match ours.iter().zip(theirs).position(|(ours, theirs)| ours != theirs) {
        Some(off) => {
            Err(Damage::of(format!("byte {}, in the list at its end, is not what was packed", at + off)))
        }
        None if theirs.len() < ours.len() => Err(Damage::of("it breaks off before its end")),
        None if theirs.len() > ours.len() => Err(Damage::of("there is more after its end")),
        None => Ok(files),
    }
}

/// Whether a file may have this name: one part, plain letters, never hidden.
fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// What the format says of a file, twice.
struct Header<'a> {
    name: &'a str,
    crc: u32,
    size: u32,
    at: u32,
}

impl<'a> Header<'a> {
    fn of(name: &'a str, bytes: &[u8], at: usize) -> Self {
        Self { name, crc: crc32fast::hash(bytes), size: small(bytes.len()), at: small(at) }
    }

    fn write_local(&self, out: &mut Vec<u8>) {
        out.extend(LOCAL);
        self.write_common(out);
        out.extend(self.name.as_bytes());
    }

    fn write_central(&self, out: &mut Vec<u8>) {
        out.extend(CENTRAL);
        out.extend(NEEDED.to_le_bytes());
        self.write_common(out);
        // No comment, the first disk, no attributes.
        out.extend([0; 10]);
        out.extend(self.at.to_le_bytes());
        out.extend(self.name.as_bytes());
    }

    fn write_common(&self, out: &mut Vec<u8>) {
        // Needs 2.0, no flags, stored, midnight of the first day.
        for number in [NEEDED, 0, 0, 0, DAY] {
            out.extend(number.to_le_bytes());
        }
        for number in [self.crc, self.size, self.size] {
            out.extend(number.to_le_bytes());
        }
        let length = u16::try_from(self.name.len()).expect("a name is at most 64 bytes, as `is_name` has it");
        out.extend(length.to_le_bytes());
        out.extend(0_u16.to_le_bytes());
    }
}

/// Reads the file that begins here, and gives how many bytes it takes with its header.
fn read_local(zip: &[u8], before: Option<&str>) -> Result<(Packed, usize), Damage> {
    const FIXED: usize = 30;
    let cut = || Damage::of("it breaks off inside the header of a file");
    let header = zip.get(..FIXED).ok_or_else(cut)?;
    let short = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let long = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let name_end = FIXED + usize::from(short(26));
    let name = zip.get(FIXED..name_end).ok_or_else(cut)?;
    let name = std::str::from_utf8(name).ok().filter(|name| is_name(name)).ok_or_else(|| {
        let shown: String = String::from_utf8_lossy(name).chars().take(64).collect();
        Damage::of(format!("it holds a file named {shown:?}, which no published package does"))
    })?;
    if before == Some(name) {
        return Err(Damage::at(name, "is there twice"));
    }
    if before.is_some_and(|before| before > name) {
        return Err(Damage::at(name, "does not stand where it should: the files are not in order"));
    }
    if short(6) & 1 == 1 {
        return Err(Damage::at(name, "is encrypted, and published files are not"));
    }
    if short(8) != 0 {
        return Err(Damage::at(
            name,
            "is compressed, and published files are not: it was packed again by another program",
        ));
    }
    if (short(4), short(6), short(10), short(12), short(28)) != (NEEDED, 0, 0, DAY, 0) {
        return Err(Damage::at(
            name,
            "its header is not what was packed: it was changed, or packed by another program",
        ));
    }
    let (crc, size) = (long(14), long(18));
    if size != long(22) {
        return Err(Damage::at(name, "its header gives two sizes"));
    }
    let end = usize::try_from(size).ok().and_then(|size| name_end.checked_add(size));
    let bytes = end.and_then(|end| zip.get(name_end..end)).ok_or_else(|| Damage::at(name, "breaks off"))?;
    if crc32fast::hash(bytes) != crc {
        return Err(Damage::at(name, "is not what was packed: its check sum differs"));
    }
    Ok((Packed { name: name.to_owned(), bytes: bytes.to_owned() }, name_end + bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILES: [(&str, &[u8]); 3] = [("b.json", b"{}"), ("a.csv", b"x,y\n1,2\n"), ("empty.txt", b"")];

    #[test]
    fn files_come_back_in_order() {
        let zip = pack(FILES).unwrap();
        let names: Vec<String> = unpack(&zip).unwrap().into_iter().map(|file| file.name).collect();
        assert_eq!(names, ["a.csv", "b.json", "empty.txt"]);
        assert_eq!(zip, pack([FILES[2], FILES[0], FILES[1]]).unwrap(), "the order of asking does not matter");
    }

    #[test]
    fn another_reader_of_zips_reads_it() {
        use std::io::Read as _;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(pack(FILES).unwrap())).unwrap();
        assert_eq!(archive.len(), 3);
        let mut text = String::new();
        archive.by_name("a.csv").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "x,y\n1,2\n");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let good = pack(FILES).unwrap();
        let said = |zip: &[u8]| unpack(zip).unwrap_err().to_string();
        assert!(said(b"").contains("does not begin"));
        assert!(said(b"hello").contains("does not begin"));
        assert!(said(&good[..good.len() - 1]).contains("breaks off"));
        assert!(said(&good[..40]).contains("a.csv: breaks off"));
        assert!(said(&[good.as_slice(), b"x"].concat()).contains("more after its end"));
        let changed = |at: usize, byte: u8| {
            let mut zip = good.clone();
            zip[at] = byte;
            said(&zip)
        };
        assert!(changed(6, 1).contains("a.csv: is encrypted"));
        assert!(changed(8, 8).contains("a.csv: is compressed"));
        assert!(changed(30, b'/').contains("no published package"));
        assert!(changed(40, b'!').contains("a.csv: is not what was packed"));
        let local = good.windows(6).position(|bytes| bytes == b"b.json").unwrap();
        let twice = [&good[..local], b"a.csv", &good[local + 5..]].concat();
        assert!(unpack(&twice).is_err());
        assert!(pack([("../a", b"".as_slice())]).is_err());
    }

    #[test]
    fn a_file_given_twice_is_named() {
        let one = pack([("a.csv", b"1".as_slice())]).unwrap();
        let local = &one[..36];
        let said = unpack(&[local, local].concat()).unwrap_err().to_string();
        assert_eq!(said, "a.csv: is there twice");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = unpack(&[&LOCAL, bytes.as_slice()].concat());
            let _ = unpack(&bytes);
        }

        #[test]
        fn no_byte_changes_unseen(at in any::<proptest::sample::Index>(), by in 1_u8..) {
            let mut zip = pack(FILES).unwrap();
            let at = at.index(zip.len());
            zip[at] ^= by;
            prop_assert!(unpack(&zip).is_err(), "byte {at}");
        }

        #[test]
        fn no_cut_goes_unseen(at in any::<proptest::sample::Index>()) {
            let zip = pack(FILES).unwrap();
            prop_assert!(unpack(&zip[..at.index(zip.len())]).is_err());
        }
    }
}
