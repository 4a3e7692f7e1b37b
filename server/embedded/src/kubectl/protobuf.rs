//! Request bodies in protobuf, which kubectl (1.32 and later) sends for objects it creates from flags. Responses are
//! always JSON.

use serde_json::{Map, Value, json};

use schema::{Field, WireForm};

pub mod schema;
mod wire;

/// The first bytes of the Kubernetes envelope (k8s.io/apimachinery `runtime/serializer/protobuf`).
const MAGIC: &[u8] = b"k8s\0";

/// The object in an envelope; `None` when its kind is unknown or the bytes are malformed.
pub fn object(bytes: &[u8]) -> Option<Value> {
    let envelope = wire::fields(bytes.strip_prefix(MAGIC)?)?;
    let part = |number: u32| envelope.iter().find(|(at, _)| *at == number).and_then(|(_, field)| field.bytes());
    let about = wire::fields(part(1)?)?;
    let text = |number: u32| {
        let found = about.iter().find(|(at, _)| *at == number).and_then(|(_, field)| field.bytes());
        found.and_then(|bytes| std::str::from_utf8(bytes).ok())
    };
    let kind = text(2)?;
    let mut object = message(part(2).unwrap_or_default(), schema::message(kind)?)?;
    object.insert("apiVersion".to_owned(), text(1)?.into());
    object.insert("kind".to_owned(), kind.into());
    Some(object.into())
}

fn message(bytes: &[u8], fields: &'static [Field]) -> Option<Map<String, Value>> {
    let mut object = Map::new();
    for (number, found) in wire::fields(bytes)? {
        // Ignores unknown fields of newer clients, as the real server does.
        let Some(field) = fields.iter().find(|field| field.number == number) else { continue };
        if field.name == "." {
            // An inlined message: its fields belong to the enclosing message.
            let WireForm::Message(inner) = field.form else { return None };
            object.extend(message(found.bytes()?, schema::message(inner)?)?);
        } else if field.is_map {
            let (key, value) = entry(found.bytes()?, field.form)?;
            map_at(&mut object, field.name)?.insert(key, value);
        } else if field.is_list {
            let value = value(found, field.form)?.unwrap_or("".into());
            match object.entry(field.name).or_insert_with(|| json!([])) {
                Value::Array(items) => items.push(value),
                _ => return None,
            }
        } else if let Some(value) = value(found, field.form)?.filter(|value| !(field.zero_is_nothing && is_zero(value)))
        {
            object.insert(field.name.to_owned(), value);
        }
    }
    Some(object)
}

fn map_at<'o>(object: &'o mut Map<String, Value>, name: &str) -> Option<&'o mut Map<String, Value>> {
    object.entry(name).or_insert_with(|| json!({})).as_object_mut()
}

/// One entry of a map: the key is field 1, the value is field 2; empty ones are omitted.
fn entry(bytes: &[u8], form: WireForm) -> Option<(String, Value)> {
    let (mut key, mut found) = (String::new(), None);
    for (number, field) in wire::fields(bytes)? {
        match number {
            1 => key = String::from_utf8(field.bytes()?.to_vec()).ok()?,
            2 => found = value(field, form)?,
            _ => {}
        }
    }
    Some((key, found.unwrap_or("".into())))
}

/// A value; `Some(None)` when it is empty (an empty string, no time), `None` when it is malformed.
fn value(found: wire::Field<'_>, form: WireForm) -> Option<Option<Value>> {
    let filled = |text: &[u8]| Some(std::str::from_utf8(text).ok().filter(|text| !text.is_empty()).map(Value::from));
    match form {
        WireForm::Text => filled(found.bytes()?),
        WireForm::Bytes => Some(Some(json!(k8s_openapi::ByteString(found.bytes()?.to_vec())))),
        WireForm::Number => Some(Some(found.number()?.into())),
        WireForm::Flag => Some(Some((found.number()? != 0).into())),
        // A message that contains one string.
        WireForm::Quantity => {
            wire::fields(found.bytes()?)?.first().map_or(Some(None), |(_, text)| filled(text.bytes()?))
        }
        WireForm::Raw => Some(serde_json::from_slice(wire::fields(found.bytes()?)?.first()?.1.bytes()?).ok()),
        WireForm::Time | WireForm::MicroTime => time(found.bytes()?, matches!(form, WireForm::MicroTime)),
        WireForm::IntOrString => int_or_string(found.bytes()?),
        WireForm::Message(name) => Some(Some(message(found.bytes()?, schema::message(name)?)?.into())),
    }
}

fn time(bytes: &[u8], micros: bool) -> Option<Option<Value>> {
    let (mut seconds, mut nanos) = (None, 0);
    for (number, field) in wire::fields(bytes)? {
        match number {
            1 => seconds = Some(field.number()?),
            2 => nanos = i32::try_from(field.number()?).ok()?,
            _ => {}
        }
    }
    let Some(seconds) = seconds else { return Some(None) };
    let at = jiff::Timestamp::new(seconds, nanos).ok()?;
    let form = if micros { "%Y-%m-%dT%H:%M:%S.%6fZ" } else { "%Y-%m-%dT%H:%M:%SZ" };
    Some(Some(at.strftime(form).to_string().into()))
}

/// Field 1 is the type: 0 for the number in field 2, 1 for the string in field 3.
fn int_or_string(bytes: &[u8]) -> Option<Option<Value>> {
    let (mut is_text, mut number, mut text) = (false, 0, None);
    for (at, field) in wire::fields(bytes)? {
        match at {
            1 => is_text = field.number()? == 1,
            2 => number = field.number()?,
            3 => text = Some(std::str::from_utf8(field.bytes()?).ok()?),
            _ => {}
        }
    }
    Some(Some(if is_text { text.unwrap_or_default().into() } else { number.into() }))
}

fn is_zero(value: &Value) -> bool {
    *value == 0 || *value == false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        // Field numbers from 16 on take two bytes.
        let key = if number < 16 { vec![number << 3 | 2] } else { vec![number << 3 | 0x82, number >> 4] };
        [&*key, &[bytes.len() as u8], bytes].concat()
    }

    fn envelope(version: &str, kind: &str, body: &[u8]) -> Vec<u8> {
        let about = [field(1, version.as_bytes()), field(2, kind.as_bytes())].concat();
        [MAGIC.to_vec(), field(1, &about), field(2, body)].concat()
    }

    #[test]
    fn a_secret_is_read_from_its_envelope() {
        let entry = [field(1, b"k"), field(2, b"v")].concat();
        let metadata = [field(1, b"name"), field(8, b"")].concat();
        let secret = [field(1, &metadata), field(2, &entry), field(3, b"Opaque")].concat();
        let expected = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "name" }, "data": { "k": "dg==" }, "type": "Opaque" });
        assert_eq!(object(&envelope("v1", "Secret", &secret)), Some(expected));
    }

    #[test]
    fn inlined_messages_are_flattened() {
        // A ConfigMap volume: `volumeSource` in the volume, `localObjectReference` in its source.
        let config_map = field(19, &field(1, &field(1, b"files")));
        let volume = field(1, &[field(1, b"v"), field(2, &config_map)].concat());
        // And `hostNetwork: false`, which Go encodes and JSON omits.
        let spec = [volume, vec![11 << 3, 0]].concat();
        let pod = object(&envelope("v1", "Pod", &field(2, &spec))).unwrap();
        assert_eq!(pod["spec"], json!({ "volumes": [{ "name": "v", "configMap": { "name": "files" } }] }));
    }

    #[test]
    fn a_port_is_a_number_or_a_name() {
        let target = |inner: &[u8]| {
            let port = field(1, &[vec![3 << 3, 80], field(4, inner)].concat());
            object(&envelope("v1", "Service", &field(2, &port))).unwrap()["spec"]["ports"][0].clone()
        };
        assert_eq!(
            target(&[&[8, 1, 16, 0], &*field(3, b"grpc")].concat()),
            json!({ "port": 80, "targetPort": "grpc" })
        );
        assert_eq!(target(&[8, 0, 16, 90]), json!({ "port": 80, "targetPort": 90 }));
        assert_eq!(target(&[8, 0, 16, 0]), json!({ "port": 80 }));
    }

    #[test]
    fn malformed_and_unknown_bytes_are_rejected() {
        for bytes in [&b""[..], b"k8s\0", b"k8s\0\xff\xff\xff", b"{}", b"k8s\0\x0a\x7f"] {
            assert_eq!(object(bytes), None);
        }
        assert_eq!(object(&envelope("v1", "Nothing", b"")), None);
    }
}
