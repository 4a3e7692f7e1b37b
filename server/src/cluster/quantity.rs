//! Checks Kubernetes quantities given on the command line.

/// Decimal and binary suffixes of a quantity, including the empty one (apimachinery `resource.Quantity`, without the
/// exponent form, which people do not type).
const SUFFIXES: [&str; 14] = ["", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// Accepts a positive quantity: `100m`, `0.5`, `128Mi`.
pub(super) fn quantity(text: &str) -> Result<String, String> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let positive = number.parse::<f64>().is_ok_and(|number| number > 0.0 && number.is_finite());
    if positive && number.starts_with(|first: char| first.is_ascii_digit()) && SUFFIXES.contains(&suffix) {
        Ok(text.to_owned())
    } else {
        Err("expected a Kubernetes quantity, e.g. 100m, 0.5, 128Mi or 2Gi".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn a_quantity_is_a_positive_number_with_a_known_suffix() {
        for right in ["1", "0.5", "100m", "128Mi", "2Gi", "1.5G"] {
            assert_eq!(quantity(right).as_deref(), Ok(right));
        }
        for wrong in ["", "0", "-1", "1.2.3", "128MiB", "1 Gi", "Gi", ".5", "1e999"] {
            assert!(quantity(wrong).is_err(), "{wrong}");
        }
    }
}
