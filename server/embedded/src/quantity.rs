//! Quantities in the notation of Kubernetes: `100m`, `1Gi`, `2`.

use std::fmt;
use std::ops::Add;

/// A quantity in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i128);

impl Quantity {
    /// Zero.
    pub const ZERO: Quantity = Quantity(0);

    /// A whole number.
    pub fn count(number: i64) -> Quantity {
        Quantity(i128::from(number) * 1_000)
    }

    /// Parses a resource.Quantity; `None` when the text is invalid.
    pub fn parse(text: &str) -> Option<Quantity> {
        let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let factor: f64 = match unit {
            "n" => 1e-9,
            "u" => 1e-6,
            "m" => 1e-3,
            "" => 1.0,
            "k" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            "P" => 1e15,
            "E" => 1e18,
            "Ki" => 1024.0,
            "Mi" => 1024.0_f64.powi(2),
            "Gi" => 1024.0_f64.powi(3),
            "Ti" => 1024.0_f64.powi(4),
            "Pi" => 1024.0_f64.powi(5),
            "Ei" => 1024.0_f64.powi(6),
            exponent => return parse_exponent(number, exponent),
        };
        number.parse::<f64>().ok().map(|number| Quantity((number * factor * 1e3).ceil() as i128))
    }
}

fn parse_exponent(number: &str, exponent: &str) -> Option<Quantity> {
    let power = exponent.strip_prefix(['e', 'E'])?.parse().ok()?;
    number.parse::<f64>().ok().map(|number| Quantity((number * 10_f64.powi(power) * 1e3).ceil() as i128))
}

impl Add for Quantity {
    type Output = Quantity;

    fn add(self, other: Quantity) -> Quantity {
        Quantity(self.0 + other.0)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 % 1_000 != 0 {
            return write!(f, "{}m", self.0);
        }
        let whole = self.0 / 1_000;
        let units = [("Gi", 1_i128 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];
        match units.iter().find(|(_, size)| whole != 0 && whole % size == 0) {
            Some((unit, size)) => write!(f, "{}{unit}", whole / size),
            None => write!(f, "{whole}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_parsed_and_formatted_as_in_kubernetes() {
        for (text, written) in
            [("100m", "100m"), ("1", "1"), ("0.5", "500m"), ("1Gi", "1Gi"), ("1024Ki", "1Mi"), ("1e3", "1000")]
        {
            assert_eq!(Quantity::parse(text).map(|amount| amount.to_string()).as_deref(), Some(written), "{text}");
        }
        assert_eq!(Quantity::parse("abc"), None);
    }
}
