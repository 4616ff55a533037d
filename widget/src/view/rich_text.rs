//! Rich text as nodes, one by one: nothing here ever reads markup.

use cavuer_protocol::rich_text::{Block, Span};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Node, Text};

/// Turns the children of `parent`, which show `old`, into `new`. Nodes whose content did not
/// change are left alone, so that what the reader has selected stays selected while text grows.
pub fn update(parent: &Node, old: &[Block], new: &[Block]) {
    if let Some(document) = parent.owner_document() {
        // It fails only where a node is inserted into itself.
        let _ = update_parts(&document, parent, old, new);
    }
}

/// Something that is shown as exactly one node.
trait Part: PartialEq + Sized {
    fn build(&self, document: &Document) -> Result<Node, JsValue>;

    /// Changes the node that shows `old`; false if it has to be built anew.
    fn change(&self, old: &Self, document: &Document, node: &Node) -> Result<bool, JsValue>;
}

fn update_parts<P: Part>(
    document: &Document,
    parent: &Node,
    old: &[P],
    new: &[P],
) -> Result<(), JsValue> {
    let nodes = parent.child_nodes();
    for (index, part) in new.iter().enumerate() {
        match (old.get(index), nodes.get(index as u32)) {
            (Some(old), Some(_)) if old == part => {}
            (Some(old), Some(node)) => {
                if !part.change(old, document, &node)? {
                    parent.replace_child(&part.build(document)?, &node)?;
                }
            }
            _ => {
                parent.append_child(&part.build(document)?)?;
            }
        }
    }
    while nodes.length() > new.len() as u32
        && let Some(surplus) = parent.last_child()
    {
        parent.remove_child(&surplus)?;
    }
    Ok(())
}

impl Part for Block {
    fn build(&self, document: &Document) -> Result<Node, JsValue> {
        let element = |name| document.create_element(name);
        let built = match self {
            Self::Paragraph(spans) => filled(document, element("p")?, spans)?,
            Self::Heading(_, spans) => {
                let heading = element("p")?;
                heading.set_class_name("heading");
                filled(document, heading, spans)?
            }
            Self::Bullets(items) => filled(document, element("ul")?, items)?,
            Self::Numbers(first, items) => {
                let list = element("ol")?;
                list.set_attribute("start", &first.to_string())?;
                filled(document, list, items)?
            }
            Self::Quote(blocks) => filled(document, element("blockquote")?, blocks)?,
            Self::Code(code) => {
                let block = element("pre")?;
                block.set_attribute("dir", "ltr")?;
                // Long lines scroll sideways, and the keyboard must reach them too.
                block.set_attribute("tabindex", "0")?;
                block.set_text_content(Some(code));
                return Ok(block.into());
            }
            Self::Rule => element("hr")?,
        };
        built.set_attribute("dir", "auto")?;
        Ok(built.into())
    }

    fn change(&self, old: &Self, document: &Document, node: &Node) -> Result<bool, JsValue> {
        match (old, self) {
            (Self::Paragraph(old), Self::Paragraph(new))
            | (Self::Heading(_, old), Self::Heading(_, new)) => {
                update_parts(document, node, old, new)?;
            }
            (Self::Bullets(old), Self::Bullets(new)) => update_parts(document, node, old, new)?,
            (Self::Numbers(first, old), Self::Numbers(same, new)) if first == same => {
                update_parts(document, node, old, new)?;
            }
            (Self::Quote(old), Self::Quote(new)) => update_parts(document, node, old, new)?,
            (Self::Code(_), Self::Code(code)) => {
                if let Some(text) = node.first_child() {
                    text.set_node_value(Some(code));
                } else {
                    node.set_text_content(Some(code));
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// An item of a list.
impl Part for Vec<Block> {
    fn build(&self, document: &Document) -> Result<Node, JsValue> {
        filled(document, document.create_element("li")?, self).map(Into::into)
    }

    fn change(&self, old: &Self, document: &Document, node: &Node) -> Result<bool, JsValue> {
        update_parts(document, node, old, self).map(|()| true)
    }
}

impl Part for Span {
    fn build(&self, document: &Document) -> Result<Node, JsValue> {
        let element = |name| document.create_element(name);
        Ok(match self {
            Self::Text(text) => document.create_text_node(text).into(),
            Self::Strong(spans) => filled(document, element("strong")?, spans)?.into(),
            Self::Emphasis(spans) => filled(document, element("em")?, spans)?.into(),
            Self::Code(code) => {
                let inline = element("code")?;
                inline.set_attribute("dir", "ltr")?;
                inline.set_text_content(Some(code));
                inline.into()
            }
            Self::Link { address, label } => {
                let link = element("a")?;
                link.set_attribute("href", address)?;
                link.set_attribute("target", "_blank")?;
                link.set_attribute("rel", "noopener noreferrer nofollow")?;
                filled(document, link, label)?.into()
            }
            Self::Break => element("br")?.into(),
        })
    }

    fn change(&self, old: &Self, document: &Document, node: &Node) -> Result<bool, JsValue> {
        match (old, self) {
            (Self::Text(old), Self::Text(new)) => {
                let text: &Text = node.unchecked_ref();
                match new.strip_prefix(old.as_str()) {
                    Some(grown) => text.append_data(grown)?,
                    None => text.set_data(new),
                }
            }
            (Self::Strong(old), Self::Strong(new)) | (Self::Emphasis(old), Self::Emphasis(new)) => {
                update_parts(document, node, old, new)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn filled<P: Part>(document: &Document, parent: Element, parts: &[P]) -> Result<Element, JsValue> {
    for part in parts {
        parent.append_child(&part.build(document)?)?;
    }
    Ok(parent)
}
