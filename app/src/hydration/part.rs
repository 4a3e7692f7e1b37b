//! A view that is hydrated when its turn comes.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Position, PositionState};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::queue;

type Content = Box<dyn FnOnce() -> AnyView + Send>;

/// The content, rendered in the owner of the view that it is a part of.
pub struct Part {
    content: Content,
    owner: Owner,
}

impl Part {
    pub fn new(content: impl FnOnce() -> AnyView + Send + 'static) -> Part {
        Part { content: Box::new(content), owner: Owner::current().unwrap_or_default() }
    }

    fn view(self) -> AnyView {
        self.owner.with(self.content)
    }

    /// Hydrates the children of `parent`, the element that the server rendered.
    fn hydrate_in(self, parent: Element) -> AnyViewState {
        let Part { content, owner } = self;
        owner.with(|| content().hydrate::<true>(&Cursor::new(parent), &PositionState::default()))
    }
}

/// A part in the document.
pub enum PartState {
    /// Waits for its turn; removed from the queue by dropping it.
    Queued(Element),
    Hydrated(AnyViewState),
}

impl Render for Part {
    type State = Rc<RefCell<PartState>>;

    fn build(self) -> Self::State {
        Rc::new(RefCell::new(PartState::Hydrated(self.view().build())))
    }

    fn rebuild(self, state: &mut Self::State) {
        match &mut *state.borrow_mut() {
            PartState::Hydrated(state) => self.view().rebuild(state),
            queued @ PartState::Queued(_) => {
                // What the server rendered is out of date: it is replaced.
                let mut state = self.view().build();
                queued.unmount();
                if let PartState::Queued(parent) = queued {
                    state.mount(parent, None);
                }
                *queued = PartState::Hydrated(state);
            }
        }
    }
}

impl RenderHtml for Part {
    type AsyncOutput = Part;
    type Owned = Part;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Part {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.view().to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        let parent = cursor.current().dyn_into::<Element>();
        let (Position::FirstChild, Ok(parent)) = (position.get(), parent) else {
            return Rc::new(RefCell::new(PartState::Hydrated(self.view().hydrate::<FROM_SERVER>(cursor, position))));
        };
        // The hydration of the element goes on behind the part: at the marker that ends every list of children.
        cursor.set(last_marker(&parent));
        position.set(Position::NextChild);
        let state = Rc::new(RefCell::new(PartState::Queued(parent.clone())));
        let queued = Rc::downgrade(&state);
        queue::push(move || {
            let Some(state) = queued.upgrade() else { return };
            let is_queued = matches!(&*state.borrow(), PartState::Queued(_));
            if is_queued {
                let hydrated = self.hydrate_in(parent);
                state.replace(PartState::Hydrated(hydrated));
            }
        });
        state
    }

    fn into_owned(self) -> Part {
        self
    }
}

/// The last comment among the children; behind it is only what a browser extension may have added.
fn last_marker(parent: &Element) -> Node {
    let mut last = parent.last_child();
    while let Some(node) = last {
        if node.node_type() == Node::COMMENT_NODE {
            return node;
        }
        last = node.previous_sibling();
    }
    parent.clone().into()
}

impl AddAnyAttr for Part {
    type Output<SomeNewAttr: Attribute> = Part;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Part
    where
        Part: RenderHtml,
    {
        self
    }
}

impl Mountable for PartState {
    fn unmount(&mut self) {
        match self {
            PartState::Queued(parent) => parent.set_text_content(None),
            PartState::Hydrated(state) => state.unmount(),
        }
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        if let PartState::Hydrated(state) = self {
            state.mount(parent, marker);
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self {
            PartState::Queued(_) => false,
            PartState::Hydrated(state) => state.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<Element> {
        match self {
            PartState::Queued(_) => Vec::new(),
            PartState::Hydrated(state) => state.elements(),
        }
    }
}
