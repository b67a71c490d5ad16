-- Who changed what: one hash chain per MSP. The app role can add and read, never change or remove.
create schema audit;
grant usage on schema audit to ${appRole};

create table audit.head (
  msp_id uuid primary key references tenancy.msp,
  sequence bigint not null,
  hash bytea not null
);
alter table audit.head enable row level security;
alter table audit.head force row level security;
create policy head_all on audit.head
  using (tenancy.in_msp(msp_id)) with check (tenancy.in_msp(msp_id));
grant select, insert, update on audit.head to ${appRole};

-- customer_id is null where a change concerns the MSP itself.
create table audit.entry (
  msp_id uuid not null references tenancy.msp,
  sequence bigint not null check (sequence > 0),
  customer_id uuid,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail text not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (msp_id, sequence)
);
create index entry_of_customer on audit.entry (msp_id, customer_id, sequence);
alter table audit.entry enable row level security;
alter table audit.entry force row level security;
create policy entry_read on audit.entry for select
  using (tenancy.in_whole_msp(msp_id) or tenancy.in_scope(msp_id, customer_id));
create policy entry_add on audit.entry for insert
  with check (
    tenancy.in_whole_msp(msp_id)
    or tenancy.in_scope(msp_id, customer_id)
    or (tenancy.in_platform() and tenancy.in_msp(msp_id)));
grant select, insert on audit.entry to ${appRole};
