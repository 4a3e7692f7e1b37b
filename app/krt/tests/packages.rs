//! Packages built from bytes: valid ones are accepted, each invalid one is refused for the right reason.

mod support;

use krt::diagnostic::apply;
use krt::package::{MemberKind, Report, check_bare};
use support::{MANIFEST, Member, PROTO, entry, file, folder, good, gzip, header, package, read, reader, seal, tar};

const PIECE: usize = 1000;

#[track_caller]
fn check(bytes: &[u8], expected: &[&str]) -> Report {
    let report = read(bytes, PIECE);
    let codes: Vec<&str> = report.diagnostics.iter().map(|found| found.code.as_ref()).collect();
    assert_eq!(codes, expected, "{:#?}", report.diagnostics);
    report
}

/// The valid package with a change.
fn changed(change: impl FnOnce(&mut Vec<Member>)) -> Vec<u8> {
    let mut members = good();
    change(&mut members);
    package(&members)
}

#[test]
fn a_good_package_is_read_with_its_members_size_and_digest() {
    let bytes = package(&good());
    let report = check(&bytes, &[]);
    assert!(report.accepted());
    assert_eq!(report.manifest_path.as_deref(), Some("krt.yml"));
    assert_eq!(report.manifest_text.as_deref(), Some(MANIFEST));
    assert_eq!(report.manifest.as_ref().map(|manifest| manifest.version.as_str()), Some("small-1"));
    assert_eq!((report.size, report.members.len()), (bytes.len() as u64, 7));
    let contents: usize = good().iter().map(|Member(_, _, content)| content.len()).sum();
    assert_eq!(report.unpacked, contents as u64);
    assert_eq!((report.members[3].path.as_str(), report.members[3].kind), ("src/etl", MemberKind::Folder));
    use sha2::Digest;
    let digest = hex::encode(sha2::Sha256::digest(&bytes));
    assert_eq!(report.sha256, digest);
}

#[test]
fn a_package_packed_with_a_leading_dot_is_the_same() {
    let names: [&str; 8] = [
        "./",
        "./krt.yml",
        "./api.proto",
        "./src/",
        "./src/etl/",
        "./src/etl/main.py",
        "./docs/README.md",
        "./metrics/dashboards/models.json",
    ];
    let members =
        [folder("./")].into_iter().chain(good()).zip(names).map(|(member, name)| Member(name, member.1, member.2));
    let report = check(&package(&members.collect::<Vec<_>>()), &[]);
    assert_eq!(report.members, read(&package(&good()), PIECE).members);
}

#[test]
fn doubled_slashes_and_dots_inside_a_path_name_the_same_member() {
    for path in ["src//etl/main.py", "src/./etl//main.py"] {
        let inside = changed(|members| members[4] = file(path, "print('hello')\n"));
        assert_eq!(check(&inside, &[]).members[4].path, "src/etl/main.py");
        check(&changed(|members| members.push(file(path, "2"))), &["member-duplicate"]);
    }
}

#[test]
fn long_names_are_read_as_pax_gnu_and_ustar_write_them() {
    let long = format!("{}/{}.py", "d".repeat(90), "n".repeat(90));
    let record = |key: &str, value: &str| {
        let rest = key.len() + value.len() + 3;
        let length =
            (1..).map(|digits| rest + digits).find(|length| length.to_string().len() + rest == *length).unwrap();
        format!("{length} {key}={value}\n")
    };
    let mut prefixed = header("n".repeat(90).as_bytes(), b'0', 0);
    prefixed[345..435].copy_from_slice("p".repeat(90).as_bytes());
    seal(&mut prefixed);
    let mut bytes = tar(&good());
    bytes.truncate(bytes.len() - 1024);
    bytes.extend(entry(b"pax", b'x', record("path", &long).as_bytes()));
    bytes.extend(entry(b"short", b'0', b"x"));
    bytes.extend(entry(b"././@LongLink", b'L', format!("{long}2\0").as_bytes()));
    bytes.extend(entry(b"short", b'0', b"x"));
    bytes.extend(prefixed);
    bytes.extend([0; 1024]);
    let report = check(&gzip(&bytes), &[]);
    let paths: Vec<&str> = report.members[7..].iter().map(|member| member.path.as_str()).collect();
    let joined = format!("{}/{}", "p".repeat(90), "n".repeat(90));
    assert_eq!(paths, [long.clone(), format!("{long}2"), joined]);
}

#[test]
fn several_gzip_members_make_one_package() {
    let bytes = tar(&good());
    let (first, second) = bytes.split_at(700);
    check(&[gzip(first), gzip(second)].concat(), &[]);
}

#[test]
fn a_file_that_is_not_a_package_is_identified() {
    let plain = tar(&good());
    let zeros = vec![0; 3000];
    for (bytes, said) in [
        (b"PK\x03\x04 and so on".as_slice(), "a zip archive"),
        (b"BZh91AY&SY", "a bzip2 file"),
        (b"\xfd7zXZ\0\0", "an xz file"),
        (b"\x28\xb5\x2f\xfd\0", "a zstd file"),
        (&plain, "an uncompressed tar archive"),
        (MANIFEST.as_bytes(), "probably the manifest alone"),
        (b"", "the file is empty"),
        (&zeros, "not compressed with gzip"),
        (b"\x1f", "not compressed with gzip"),
    ] {
        let report = read(bytes, PIECE);
        assert!(!report.accepted());
        assert!(
            report.diagnostics.iter().any(|found| found.message.contains(said)),
            "{said}: {:?}",
            report.diagnostics
        );
    }
}

#[test]
fn damage_is_found() {
    let good_bytes = package(&good());
    let truncated = &good_bytes[..good_bytes.len() - 5];
    check(truncated, &["package-truncated"]);
    check(&good_bytes[..good_bytes.len() / 2], &["package-truncated"]);
    let mut wrong_sum = good_bytes.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    check(&wrong_sum, &["package-corrupt"]);
    check(&[good_bytes.clone(), b"more".to_vec()].concat(), &["package-corrupt"]);
    let mut wrong_header = tar(&good());
    wrong_header[1024 + 3] ^= 1;
    check(&gzip(&wrong_header), &["package-corrupt"]);
    check(&gzip(b""), &["package-truncated"]);
    check(&gzip(MANIFEST.as_bytes()), &["package-not-tar"]);
    let mut lying = tar(&good());
    lying.truncate(lying.len() - 1024);
    lying.extend(header(b"large", b'0', 1 << 30));
    check(&gzip(&lying), &["package-truncated"]);
    let mut larger = header(b"large", b'0', 0);
    larger[124..136].copy_from_slice(b"77777777777\0");
    seal(&mut larger);
    check(&gzip(&larger), &["package-too-large"]);
}

#[test]
fn the_manifest_is_one_file_at_the_root() {
    check(&changed(|members| drop(members.remove(0))), &["manifest-missing"]);
    check(&changed(|members| members.push(file("krt.yaml", MANIFEST))), &["manifest-two"]);
    check(&changed(|members| members[0].0 = "small/krt.yml"), &["manifest-in-folder"]);
    check(&changed(|members| members.insert(0, file("src/krt.yml", ""))), &["manifest-nested-first"]);
    check(&changed(|members| members.push(file("src/krt.yml", ""))), &["manifest-nested"]);
    check(&changed(|members| members[0] = folder("krt.yml/")), &["manifest-kind"]);
    check(&changed(|members| members[0].2 = vec![b'#'; 3 << 20]), &["manifest-too-large"]);
    check(&changed(|members| members[0].2 = gzip(b"")), &["manifest-binary"]);
    let report = check(&changed(|members| members[0].0 = "KRT.yml"), &["manifest-missing"]);
    assert_eq!(report.diagnostics[0].help.as_deref(), Some("rename `KRT.yml` to `krt.yml`"));
}

#[test]
fn members_outside_the_package_or_of_special_kinds_are_refused() {
    for (path, flag, code) in [
        ("../x", b'0', "member-outside"),
        ("src/../../x", b'0', "member-outside"),
        ("..\\x", b'0', "member-outside"),
        ("..", b'5', "member-outside"),
        ("/etc/passwd", b'0', "member-absolute"),
        ("C:\\x", b'0', "member-absolute"),
        ("", b'0', "member-name-empty"),
        ("link", b'1', "member-kind"),
        ("link", b'2', "member-kind"),
        ("device", b'3', "member-kind"),
        ("device", b'4', "member-kind"),
        ("pipe", b'6', "member-kind"),
        ("sparse", b'S', "member-kind"),
        ("what", b'?', "member-kind"),
        ("src/etl/main.py", b'0', "member-duplicate"),
        ("src/etl/main.py/x", b'0', "member-below-file"),
    ] {
        let report = check(&changed(|members| members.push(Member(path, flag, Vec::new()))), &[code]);
        assert!(!report.accepted(), "{path}");
    }
}

#[test]
fn a_path_with_dots_is_reported_as_leading_out_or_not() {
    for (path, end) in [("src/../x", "has `..` in its path"), ("src/../../x", "leads out of the package")] {
        let report = check(&changed(|members| members.push(file(path, ""))), &["member-outside"]);
        assert!(report.diagnostics[0].message.ends_with(end), "{report:?}");
    }
}

#[test]
fn a_file_that_is_also_a_folder_is_reported_once() {
    let report = check(
        &changed(|members| {
            members.push(file("lib", ""));
            members.push(folder("lib/"));
            members.push(file("lib/x.py", ""));
        }),
        &["member-duplicate"],
    );
    assert!(!report.accepted());
}

#[test]
fn unusual_members_are_warnings() {
    for (path, code) in [
        ("src\\evil.py", "member-backslash"),
        ("src/a\nb.py", "member-name-control"),
        (".git/config", "member-git"),
        ("metrics/dashboards/more/x.json", "dashboard-folder"),
    ] {
        let report = check(&changed(|members| members.push(file(path, ""))), &[code]);
        assert!(report.accepted(), "{path}");
    }
    check(&changed(|members| members[5].0 = "docs/readme.md"), &["docs-name"]);
    check(&changed(|members| members.push(Member("contiguous", b'7', Vec::new()))), &[]);
}

#[test]
fn a_package_beyond_the_limits_is_refused() {
    let names: Vec<u8> = (0..20_001).flat_map(|n| header(format!("f{n}").as_bytes(), b'0', 0)).collect();
    let report = check(&gzip(&names), &["package-members"]);
    assert_eq!(report.diagnostics[0].message, "the package has more than 20000 members, which is the limit");
    let long = |n: u32| [entry(b"././@LongLink", b'L', format!("{n:04000}\0").as_bytes()), entry(b"x", b'0', b"")];
    let paths: Vec<u8> = (0..2_100).flat_map(long).flatten().collect();
    let report = check(&gzip(&paths), &["package-members"]);
    assert_eq!(
        report.diagnostics[0].message,
        "the paths of the first 2098 members have 8392000 bytes in total; the limit is 8388608 (8 MiB)"
    );
    let mut bomb = header(b"bomb", b'0', 300 << 20);
    bomb.resize(150 << 20, 0);
    check(&gzip(&bomb), &["package-ratio"]);
    let extended = entry(b"x", b'x', &vec![b'1'; 100_000]);
    check(&gzip(&extended), &["package-corrupt"]);
}

#[test]
fn the_manifest_is_compared_with_the_members() {
    let report = check(&changed(|members| members[4].0 = "src/etl/Main.py"), &["src-missing"]);
    assert_eq!(report.diagnostics[0].help.as_deref(), Some("did you mean `src/etl/Main.py`?"));
    assert_eq!(report.diagnostics[0].span.map(|span| (span.line, span.column)), Some((12, 14)));
    check(&changed(|members| members[4] = file("src/etl/main.py/x", "")), &["src-folder"]);
    check(&changed(|members| drop(members.remove(1))), &["proto-missing"]);
    check(&changed(|members| members[1].2 = PROTO.replace("Run", "Ran").into_bytes()), &["proto-no-method"]);
    check(&changed(|members| members[1].2 = Vec::new()), &["proto-no-rpc"]);
    let report = check(&changed(|members| members[1].2 = PROTO[..PROTO.len() - 1].into()), &["proto-syntax"]);
    assert!(report.diagnostics[0].message.contains("(line 1)") && report.accepted(), "{report:?}");
    for dashboard in ["", "[]", "{", "{\"cells\": {}}", "{\"templates\": [1]}", "{\"name\": 1}"] {
        check(&changed(|members| members[6].2 = dashboard.into()), &["dashboard-form"]);
    }
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(500), "]".repeat(500));
    let report = check(&changed(|members| members[6].2 = deep.into()), &["dashboard-form"]);
    assert!(report.diagnostics[0].message.ends_with("nested deeper than 128 levels"), "{report:?}");
}

#[test]
fn a_misspelled_path_or_method_is_fixed_in_the_manifest() {
    for (change, at, text) in [
        ((|members| members[4].0 = "src/etl/Main.py") as fn(&mut Vec<Member>), "src/etl/main.py", "src/etl/Main.py"),
        (|members| members[1].0 = "Api.proto", "api.proto", "Api.proto"),
        (|members| members[1].2 = PROTO.replace("Run", "Rune").into_bytes(), "entrypoint: Run", "entrypoint: Rune"),
    ] {
        let report = read(&changed(change), PIECE);
        let fixes: Vec<_> = report.diagnostics.iter().flat_map(|found| &found.fixes).collect();
        assert_eq!(fixes.len(), 1, "{:?}", report.diagnostics);
        let fixed = apply(MANIFEST, fixes[0]);
        assert_eq!(fixed, MANIFEST.replace(at, text));
        let mut members = good();
        change(&mut members);
        members[0].2 = fixed.into_bytes();
        check(&package(&members), &[]);
    }
}

#[test]
fn the_source_of_another_node_is_suggested_only_from_the_same_folder() {
    let said = |src: &str| {
        let other = format!(
            "    nodes:\n      - {{name: other, image: 'konstellation/kre-py:1.29.0', src: {src}, subscriptions: [entrypoint]}}\n"
        );
        let manifest = MANIFEST.replace("    nodes:\n", &other);
        let report = read(&changed(|members| members[0].2 = manifest.into_bytes()), PIECE);
        let found = report.diagnostics.into_iter().find(|found| found.code == "src-missing").unwrap();
        (found.help.unwrap_or_default(), found.fixes.len())
    };
    let no_suggestion = ("add the file to the package, or correct the path".to_owned(), 0);
    assert_eq!(said("src/somewhere-else/main.py"), no_suggestion);
    assert_eq!(said("src/elt/main.py"), no_suggestion);
    assert_eq!(said("src/etl/mian.py"), ("did you mean `src/etl/main.py`?".to_owned(), 1));
}

#[test]
fn the_fixed_manifest_keeps_the_other_problems_of_its_package() {
    let mut members = good();
    members[4].0 = "src/etl/Main.py";
    members[5].0 = "docs/readme.md";
    members[0].2 = MANIFEST.replace("exitpoint: etl", "exitpoint: elt").into_bytes();
    let bytes = package(&members);
    assert_eq!(read(&bytes, PIECE).fixed, None);
    let fixed = reader(&bytes, PIECE).finish_with_fixes().fixed.unwrap();
    let right = MANIFEST.replace("main.py", "Main.py");
    assert_eq!(fixed.manifest_text.as_deref(), Some(right.as_str()));
    members[0].2 = right.into_bytes();
    let again = check(&package(&members), &["docs-name"]);
    assert_eq!((fixed.diagnostics, fixed.manifest), (again.diagnostics, again.manifest));
}

#[test]
fn a_manifest_alone_is_checked_but_never_accepted_as_a_package() {
    let report = check_bare(MANIFEST.as_bytes());
    assert!(report.bare && report.manifest.is_some() && report.diagnostics.is_empty() && !report.accepted());
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(MANIFEST.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(check_bare(&utf16).manifest, report.manifest);
    assert_eq!(check_bare(format!("\u{feff}{MANIFEST}").as_bytes()).manifest, report.manifest);
    let latin1 = check_bare(
        MANIFEST
            .replace("small version", "small versi\u{1}n")
            .bytes()
            .map(|byte| if byte == 1 { 0xf3 } else { byte })
            .collect::<Vec<_>>(),
    );
    assert_eq!(
        (latin1.diagnostics[0].code.as_ref(), latin1.diagnostics[0].span.unwrap().line),
        ("manifest-encoding", 3)
    );
}

/// Found by fuzzing: damaged gzip data, and not tar before the damage.
#[test]
fn of_two_problems_the_same_is_reported_for_pieces_of_any_size() {
    let bytes = include_bytes!("packages/damaged-and-no-tar.krt");
    let whole = read(bytes, bytes.len());
    for piece in [1, 7, 100, 511] {
        assert_eq!(read(bytes, piece), whole, "in pieces of {piece}");
    }
}
