-- Tenancy: platform -> MSP -> customer -> site. The app role (${appRole}) owns nothing; what it sees
-- is decided by a scope that is set for one transaction at a time. No scope means no rows.
create schema tenancy;
grant usage on schema tenancy to ${appRole};

-- The MSP of the scope, null where there is none.
create function tenancy.scope_msp() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('sendense.msp', true), '')::uuid;

-- Whether the scope is the platform's own: MSPs themselves and nothing inside them.
create function tenancy.in_platform() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('sendense.platform', true), '') = 'on';

-- Whether the scope is inside this MSP, with all or some of its customers.
create function tenancy.in_msp(msp uuid) returns boolean
  language sql stable parallel safe
  return coalesce(msp = tenancy.scope_msp(), false);

-- Whether the scope is this MSP with all of its customers.
create function tenancy.in_whole_msp(msp uuid) returns boolean
  language sql stable parallel safe
  return coalesce(
    msp = tenancy.scope_msp() and current_setting('sendense.customers', true) = '*', false);

-- Whether the scope covers this customer of this MSP.
create function tenancy.in_scope(msp uuid, customer uuid) returns boolean
  language sql stable parallel safe
  return coalesce(
    msp = tenancy.scope_msp()
      and case coalesce(current_setting('sendense.customers', true), '')
            when '' then false
            when '*' then true
            else customer = any (
              string_to_array(current_setting('sendense.customers', true), ',')::uuid[])
          end,
    false);

-- Whether the scope is the system's own for this purpose. Only policies that name the purpose open.
create function tenancy.in_system(purpose text) returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('sendense.system', true) = purpose, false);

create table tenancy.msp (
  msp_id uuid primary key default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  time_zone text not null,
  created_at timestamptz not null
);
create unique index msp_name on tenancy.msp (lower(name));
alter table tenancy.msp enable row level security;
alter table tenancy.msp force row level security;
create policy msp_read on tenancy.msp for select
  using (tenancy.in_platform() or tenancy.in_msp(msp_id));
create policy msp_create on tenancy.msp for insert with check (tenancy.in_platform());
grant select, insert on tenancy.msp to ${appRole};

create table tenancy.customer (
  msp_id uuid not null references tenancy.msp,
  customer_id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  time_zone text not null,
  created_at timestamptz not null,
  primary key (msp_id, customer_id)
);
create unique index customer_name on tenancy.customer (msp_id, lower(name));
alter table tenancy.customer enable row level security;
alter table tenancy.customer force row level security;
create policy customer_read on tenancy.customer for select
  using (tenancy.in_scope(msp_id, customer_id));
create policy customer_create on tenancy.customer for insert
  with check (tenancy.in_whole_msp(msp_id));
grant select, insert on tenancy.customer to ${appRole};

create table tenancy.site (
  msp_id uuid not null,
  customer_id uuid not null,
  site_id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  location text,
  created_at timestamptz not null,
  primary key (msp_id, customer_id, site_id),
  foreign key (msp_id, customer_id) references tenancy.customer
);
create unique index site_name on tenancy.site (msp_id, customer_id, lower(name));
alter table tenancy.site enable row level security;
alter table tenancy.site force row level security;
create policy site_all on tenancy.site
  using (tenancy.in_scope(msp_id, customer_id))
  with check (tenancy.in_scope(msp_id, customer_id));
grant select, insert on tenancy.site to ${appRole};

-- Answers by Idempotency-Key, written in the transaction of the change that they answer. Secrets are
-- left out of the stored answer. The platform's own keys stand under the nil MSP.
create table tenancy.idempotency (
  msp_id uuid not null,
  subject text not null,
  key text not null,
  request_hash bytea not null,
  status int,
  answer text,
  created_at timestamptz not null,
  primary key (msp_id, subject, key)
);
alter table tenancy.idempotency enable row level security;
alter table tenancy.idempotency force row level security;
create policy idempotency_all on tenancy.idempotency
  using (tenancy.in_msp(msp_id)
    or (tenancy.in_platform() and msp_id = '00000000-0000-0000-0000-000000000000'))
  with check (tenancy.in_msp(msp_id)
    or (tenancy.in_platform() and msp_id = '00000000-0000-0000-0000-000000000000'));
grant select, insert, update, delete on tenancy.idempotency to ${appRole};
