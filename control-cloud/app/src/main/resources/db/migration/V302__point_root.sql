-- What changed since the point before, and the Merkle root that proves the whole.
alter table protection.restore_point
  add column changed_bytes bigint not null default 0,
  add column root text;
