//! Comparisons of great whole numbers, exact: nothing is rounded, and nothing overflows.

use std::cmp::Ordering;

/// How `a * b` compares with `c * d`.
pub(crate) fn compare(a: u128, b: u128, c: u128, d: u128) -> Ordering {
    product(a, b).cmp(&product(c, d))
}

/// The product of two numbers, as its high and its low half.
fn product(a: u128, b: u128) -> (u128, u128) {
    const HALF: u32 = 64;
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low, b_high, b_low) = (a >> HALF, a & LOW, b >> HALF, b & LOW);
    let low = a_low * b_low;
    // At most 2^64 - 1 squared and twice 2^64 - 1: no overflow.
    let middle = a_high * b_low + (low >> HALF);
    let other = a_low * b_high + (middle & LOW);
    (a_high * b_high + (middle >> HALF) + (other >> HALF), (other << HALF) | (low & LOW))
}

/// A share in millionths, for use in an exact comparison: a share of one is this many.
pub(crate) const ONE: u128 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_whole() {
        assert_eq!(product(0, u128::MAX), (0, 0));
        assert_eq!(product(u128::MAX, 1), (0, u128::MAX));
        assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(product(1 << 127, 6), (3, 0));
        let (a, b) = (0x1234_5678_9abc_def0_u128, 0x0fed_cba9_8765_4321_u128);
        assert_eq!(product(a, b), (0, a * b));
        assert_eq!(product(a << 64, b << 64), (a * b, 0));
        assert_eq!(product(a << 64, b), ((a * b) >> 64, (a * b) << 64));
    }

    #[test]
    fn one_more_is_more() {
        assert_eq!(compare(u128::MAX, u128::MAX, u128::MAX, u128::MAX), Ordering::Equal);
        assert_eq!(compare(u128::MAX, u128::MAX - 1, u128::MAX, u128::MAX), Ordering::Less);
        assert_eq!(compare(7, 6, 41, 1), Ordering::Greater);
    }
}
