//! How far a text needs no second look: most of a record is such text.

/// How many bytes come before the first quote, backslash or control character, or the end; eight are looked at at once.
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    // The lowest high bit that is set marks the first byte below the limit; those above it may be wrong.
    let below = |eight: u64, limit: u8| eight.wrapping_sub(ONES * u64::from(limit)) & !eight & HIGH;
    let is_it = |eight: u64, byte: u8| below(eight ^ (ONES * u64::from(byte)), 1);
    let (eights, _) = bytes.as_chunks::<8>();
    let mut length = 0;
    for eight in eights {
        let eight = u64::from_le_bytes(*eight);
        let found = below(eight, 0x20) | is_it(eight, b'"') | is_it(eight, b'\\');
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
    length + bytes[length..].iter().position(is_special).unwrap_or(bytes.len() - length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_are_counted_up_to_the_first_that_is_not() {
        for special in (0..=0x1F).chain([b'"', b'\\']) {
            for place in 0..20 {
                for other in [b' ', b'!', b'#', b'[', b']', 0x7F, 0x80, 0xFF] {
                    let mut bytes = [other; 24];
                    assert_eq!(plain_length(&bytes), 24);
                    bytes[place..].fill(special);
                    assert_eq!(plain_length(&bytes), place);
                    bytes[place + 1..].fill(other);
                    assert_eq!(plain_length(&bytes), place);
                }
            }
        }
    }
}
