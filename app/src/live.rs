//! What changes while people look.
