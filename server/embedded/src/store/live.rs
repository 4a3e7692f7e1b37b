//! An object that is there now.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::{Object, Version};

/// Its text always; its tree, which takes ten times the memory, only while somebody works with it.
#[derive(Debug)]
pub struct Live {
    pub version: Arc<Version>,
    tree: RefCell<Option<Object>>,
    /// Asked for since the last look.
    used: Cell<bool>,
}

impl Live {
    /// An object that was just written.
    pub fn used(object: Object, version: Arc<Version>) -> Live {
        Live { version, tree: RefCell::new(Some(object)), used: Cell::new(true) }
    }

    /// An object that nobody has asked for yet.
    pub fn resting(version: Arc<Version>) -> Live {
        Live { version, tree: RefCell::new(None), used: Cell::new(false) }
    }

    /// The object as a tree.
    pub fn object(&self) -> Object {
        self.used.set(true);
        self.tree.borrow_mut().get_or_insert_with(|| Arc::new(self.version.object())).clone()
    }

    /// Lets go of the tree, unless it was asked for since the last time; is it gone?
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
    fn an_object_at_rest_comes_back_as_it_was() {
        let object = Arc::new(json!({ "metadata": { "uid": "1" }, "data": { "k": [1, 2.5, null] } }));
        let live = Live::used(object.clone(), Arc::new(Version::of(&object)));
        live.rest();
        assert!(Arc::ptr_eq(&live.object(), &object), "it was in use");
        live.rest();
        live.rest();
        assert!(live.tree.borrow().is_none());
        assert_eq!(live.object(), object);
    }
}
