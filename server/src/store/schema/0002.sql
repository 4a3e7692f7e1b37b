-- 1: it was seen to be expired, and stays so when the machine's clock jumps back. An expired session is deleted instead.
ALTER TABLE sign_in_links ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;

-- One index for each set of person, runtime and version that the audit may be filtered by, with the kind behind it: a page
-- without a kind is merged from those of each kind, of which there are few. Each set ends with the entry's number, so that
-- the newest entries come first without sorting, and none is read that does not match.
CREATE INDEX audit_by_who_kind ON audit (who, kind, id);
CREATE INDEX audit_by_runtime_kind ON audit (runtime, kind, id);
CREATE INDEX audit_by_version_kind ON audit (version, kind, id);
CREATE INDEX audit_by_who_runtime_kind ON audit (who, runtime, kind, id);
CREATE INDEX audit_by_who_version_kind ON audit (who, version, kind, id);
CREATE INDEX audit_by_runtime_version_kind ON audit (runtime, version, kind, id);
CREATE INDEX audit_by_who_runtime_version_kind ON audit (who, runtime, version, kind, id);
DROP INDEX audit_by_runtime;
DROP INDEX audit_by_who;
DROP INDEX audit_by_actor;
