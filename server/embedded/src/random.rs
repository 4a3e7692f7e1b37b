//! Random names and UIDs from a seed, so that tests can reproduce a cluster.

use uuid::Builder;

/// A small generator (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). Not
/// suitable for secrets.
#[derive(Debug)]
pub struct Random {
    state: u64,
}

/// The characters of Kubernetes name suffixes: no vowels, so that suffixes do not spell words
/// (k8s.io/apimachinery `pkg/util/rand`).
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

impl Random {
    pub fn new(seed: u64) -> Random {
        Random { state: seed }
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.state)
    }

    /// A suffix of `length` characters.
    pub fn suffix(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(LETTERS[(self.next() % LETTERS.len() as u64) as usize])).collect()
    }

    /// A version 4 UUID.
    pub fn uid(&mut self) -> String {
        let bytes = (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes();
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number that depends only on `text`, for values that must not change across restarts, like the jitter of a pod.
pub fn hash(text: &str) -> u64 {
    // FNV-1a, finalized by the mixer so that similar texts differ in all bits.
    mix(text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)))
}

/// The safe encoding of a hash as a name suffix, as in pod-template-hash.
pub fn hash_suffix(text: &str) -> String {
    Random::new(hash(text)).suffix(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_names() {
        let (mut one, mut two) = (Random::new(7), Random::new(7));
        assert_eq!((one.suffix(5), one.uid()), (two.suffix(5), two.uid()));
        assert_ne!(one.uid(), one.uid());
    }
}
