-- Licences as they were signed, and the newest lease of each appliance.
create schema licensing;
grant usage on schema licensing to ${appRole};

-- The one that is not replaced is in force.
create table licensing.licence (
  msp_id uuid not null,
  customer_id uuid not null,
  licence_id uuid not null,
  edition text not null,
  max_vms int not null check (max_vms > 0),
  max_storage_bytes bigint check (max_storage_bytes >= 0),
  features text[] not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  issued_at timestamptz not null,
  replaced_at timestamptz,
  revoked_at timestamptz,
  key_id text not null,
  jws text not null,
  primary key (msp_id, customer_id, licence_id),
  foreign key (msp_id, customer_id) references tenancy.customer,
  check (valid_from < valid_to)
);
create unique index licence_in_force on licensing.licence (msp_id, customer_id)
  where replaced_at is null;

-- sequence rises over all licences of the appliance. A request that is repeated with the same nonce
-- gets the same lease, so that a lost answer costs no sequence.
create table licensing.lease (
  msp_id uuid not null,
  customer_id uuid not null,
  appliance_id uuid not null,
  licence_id uuid not null,
  sequence bigint not null check (sequence > 0),
  nonce uuid not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  jws text not null,
  primary key (msp_id, customer_id, appliance_id),
  foreign key (msp_id, customer_id, licence_id) references licensing.licence
);

do $$
declare
  t text;
begin
  foreach t in array array['licence', 'lease']
  loop
    execute format('alter table licensing.%I enable row level security', t);
    execute format('alter table licensing.%I force row level security', t);
    execute format(
      'create policy %I on licensing.%I using (tenancy.in_scope(msp_id, customer_id))'
      ' with check (tenancy.in_scope(msp_id, customer_id))', t || '_all', t);
    execute format('grant select, insert, update on licensing.%I to ${appRole}', t);
  end loop;
end $$;
