//! The form that a DKIM record has an RSA key in: `SubjectPublicKeyInfo`, of which `ring` gives the inner part.

/// rsaEncryption and its empty parameters.
const ALGORITHM: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
const SEQUENCE: u8 = 0x30;
const BITS: u8 = 3;

/// Wraps an `RSAPublicKey`.
pub fn rsa_public_key(key: &[u8]) -> Vec<u8> {
    // No bits are unused.
    let bits = element(BITS, &[&[0], key].concat());
    element(SEQUENCE, &[ALGORITHM.as_slice(), &bits].concat())
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut all = vec![tag];
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().position(|byte| *byte > 0).unwrap_or(length.len() - 1)..];
    match (digits, u8::try_from(digits.len())) {
        ([short], _) if *short < 128 => all.push(*short),
        (_, Ok(count)) => {
            all.push(128 | count);
            all.extend_from_slice(digits);
        }
        // A length has eight bytes at most.
        (_, Err(_)) => {}
    }
    all.extend_from_slice(content);
    all
}
