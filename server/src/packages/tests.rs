//! Tests of the packages, on real folders.
