//! The few bodies that kubectl (1.32 and later) sends as protobuf: `kubectl create namespace`, `auth can-i` and their
//! like. Everything else is JSON; answers always are.

use serde_json::{Map, Value, json};

/// Kubernetes' own envelope begins with these bytes (k8s.io/apimachinery `runtime/serializer/protobuf`).
const MAGIC: &[u8] = b"k8s\0";

/// How a field is read, by its number in the `.proto` of its message.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Bytes,
    Number,
    Flag,
    TextMap,
    BytesMap,
    Message(Message),
}

/// A message: number, name and form of each field that is read.
type Message = &'static [(u32, &'static str, Form)];

const METADATA: Form = Form::Message(&[
    (1, "name", Form::Text),
    (2, "generateName", Form::Text),
    (3, "namespace", Form::Text),
    (5, "uid", Form::Text),
    (6, "resourceVersion", Form::Text),
    (11, "labels", Form::TextMap),
    (12, "annotations", Form::TextMap),
]);

const ATTRIBUTES: Form = Form::Message(&[
    (1, "namespace", Form::Text),
    (2, "verb", Form::Text),
    (3, "group", Form::Text),
    (4, "version", Form::Text),
    (5, "resource", Form::Text),
    (6, "subresource", Form::Text),
    (7, "name", Form::Text),
]);

const TEXT_ENTRY: Message = &[(1, "key", Form::Text), (2, "value", Form::Text)];
const BYTES_ENTRY: Message = &[(1, "key", Form::Text), (2, "value", Form::Bytes)];

/// The messages that are read, by kind.
const KINDS: [(&str, Message); 7] = [
    ("Namespace", &[(1, "metadata", METADATA)]),
    ("ServiceAccount", &[(1, "metadata", METADATA)]),
    (
        "ConfigMap",
        &[
            (1, "metadata", METADATA),
            (2, "data", Form::TextMap),
            (3, "binaryData", Form::BytesMap),
            (4, "immutable", Form::Flag),
        ],
    ),
    (
        "Secret",
        &[
            (1, "metadata", METADATA),
            (2, "data", Form::BytesMap),
            (3, "type", Form::Text),
            (4, "stringData", Form::TextMap),
            (5, "immutable", Form::Flag),
        ],
    ),
    (
        "SelfSubjectAccessReview",
        &[(1, "metadata", METADATA), (2, "spec", Form::Message(&[(1, "resourceAttributes", ATTRIBUTES)]))],
    ),
    (
        "SelfSubjectRulesReview",
        &[(1, "metadata", METADATA), (2, "spec", Form::Message(&[(1, "namespace", Form::Text)]))],
    ),
    (
        "DeleteOptions",
        &[
            (1, "gracePeriodSeconds", Form::Number),
            (2, "preconditions", Form::Message(&[(1, "uid", Form::Text), (2, "resourceVersion", Form::Text)])),
            (3, "orphanDependents", Form::Flag),
            (4, "propagationPolicy", Form::Text),
        ],
    ),
];

/// The object in an envelope; `None` when it is of another kind or broken.
pub fn object(bytes: &[u8]) -> Option<Value> {
    let envelope = fields(bytes.strip_prefix(MAGIC)?)?;
    let part = |number: u32| envelope.iter().find(|(at, _)| *at == number).and_then(|(_, field)| field.bytes());
    let about = fields(part(1)?)?;
    let text = |number: u32| {
        let found = about.iter().find(|(at, _)| *at == number).and_then(|(_, field)| field.bytes());
        found.and_then(|bytes| std::str::from_utf8(bytes).ok())
    };
    let kind = text(2)?;
    let (_, form) = KINDS.iter().find(|(known, _)| *known == kind)?;
    let mut object = message(part(2).unwrap_or_default(), form)?;
    object["apiVersion"] = text(1)?.into();
    object["kind"] = kind.into();
    Some(object)
}

#[derive(Clone, Copy)]
enum Field<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

impl<'b> Field<'b> {
    fn bytes(self) -> Option<&'b [u8]> {
        match self {
            Field::Bytes(bytes) => Some(bytes),
            Field::Number(_) => None,
        }
    }
}

fn message(bytes: &[u8], form: Message) -> Option<Value> {
    let mut object = json!({});
    for (number, field) in fields(bytes)? {
        let Some((_, name, form)) = form.iter().find(|(known, _, _)| *known == number) else { continue };
        match (form, field) {
            (Form::Number, Field::Number(number)) => object[*name] = i64::from_le_bytes(number.to_le_bytes()).into(),
            (Form::Flag, Field::Number(number)) => object[*name] = (number != 0).into(),
            (Form::Text, Field::Bytes(bytes)) if !bytes.is_empty() => object[*name] = text(bytes)?,
            (Form::Bytes, Field::Bytes(bytes)) => object[*name] = base64(bytes),
            (Form::Message(form), Field::Bytes(bytes)) => {
                let found = message(bytes, form)?;
                if found.as_object().is_some_and(|found| !found.is_empty()) {
                    object[*name] = found;
                }
            }
            (Form::TextMap | Form::BytesMap, Field::Bytes(bytes)) => {
                let entry = message(bytes, if matches!(form, Form::TextMap) { TEXT_ENTRY } else { BYTES_ENTRY })?;
                let map = object.as_object_mut()?.entry(*name).or_insert_with(|| Value::Object(Map::new()));
                let value = if entry["value"].is_null() { "".into() } else { entry["value"].clone() };
                map[entry["key"].as_str().unwrap_or_default()] = value;
            }
            _ => {}
        }
    }
    Some(object)
}

fn text(bytes: &[u8]) -> Option<Value> {
    std::str::from_utf8(bytes).ok().map(Value::from)
}

fn base64(bytes: &[u8]) -> Value {
    json!(k8s_openapi::ByteString(bytes.to_vec()))
}

/// The fields of a message in their order.
fn fields(mut bytes: &[u8]) -> Option<Vec<(u32, Field<'_>)>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let number = u32::try_from(key >> 3).ok()?;
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes)?),
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                let (field, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                Field::Bytes(field)
            }
            _ => return None,
        };
        found.push((number, field));
    }
    Some(found)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7F) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, bytes.len() as u8], bytes].concat()
    }

    #[test]
    fn a_secret_is_read_from_its_envelope() {
        let entry = [field(1, b"k"), field(2, b"v")].concat();
        let secret = [field(1, &field(1, b"name")), field(2, &entry), field(3, b"Opaque")].concat();
        let about = [field(1, b"v1"), field(2, b"Secret")].concat();
        let bytes = [MAGIC.to_vec(), field(1, &about), field(2, &secret)].concat();
        let expected = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "name" }, "data": { "k": "dg==" }, "type": "Opaque" });
        assert_eq!(object(&bytes), Some(expected));
    }

    #[test]
    fn broken_and_foreign_bytes_are_nothing() {
        for bytes in [&b""[..], b"k8s\0", b"k8s\0\xff\xff\xff", b"{}", b"k8s\0\x0a\x7f"] {
            assert_eq!(object(bytes), None);
        }
    }
}
