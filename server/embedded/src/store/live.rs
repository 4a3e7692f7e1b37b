//! A current object.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::{Object, Version};

/// Holds the object's text always, and its tree, which takes ten times the memory, only while it is in use.
#[derive(Debug)]
pub struct Live {
    pub version: Arc<Version>,
    tree: RefCell<Option<Object>>,
    /// Whether the tree was used since the last call of [`Live::rest`].
    used: Cell<bool>,
}

impl Live {
    /// An object that was just written.
    pub fn used(object: Object, version: Arc<Version>) -> Live {
        Live { version, tree: RefCell::new(Some(object)), used: Cell::new(true) }
    }

    /// An object without a tree, which is parsed on first use.
    pub fn resting(version: Arc<Version>) -> Live {
        Live { version, tree: RefCell::new(None), used: Cell::new(false) }
    }

    /// The object as a tree.
    pub fn object(&self) -> Object {
        self.used.set(true);
        self.tree.borrow_mut().get_or_insert_with(|| Arc::new(self.version.object())).clone()
    }

    /// Drops the tree unless it was used since the last call. Returns true when no tree is held.
    pub fn rest(&self) -> bool {
        let used = self.used.replace(false);
        if !used {
            self.tree.take();
        }
        !used
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_resting_object_is_restored_unchanged() {
        let object = Arc::new(json!({ "metadata": { "uid": "1" }, "data": { "k": [1, 2.5, null] } }));
        let live = Live::used(object.clone(), Arc::new(Version::of(&object)));
        live.rest();
        assert!(Arc::ptr_eq(&live.object(), &object), "the tree was in use");
        live.rest();
        live.rest();
        assert!(live.tree.borrow().is_none());
        assert_eq!(live.object(), object);
    }
}
