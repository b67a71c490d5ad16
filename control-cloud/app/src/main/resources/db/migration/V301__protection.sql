-- What is protected and how, as people want it (policy, command) and as appliances report it
-- (vm, job, restore_point). Appliance ids come from the fleet; VM ids are given by the appliance.
create schema protection;
grant usage on schema protection to ${appRole};

create table protection.vm (
  msp_id uuid not null,
  customer_id uuid not null,
  vm_id uuid not null,
  site_id uuid not null,
  appliance_id uuid not null,
  name text not null,
  platform text not null,
  disks jsonb not null,
  -- Not reported any more: hidden from lists, kept because its points are.
  gone boolean not null default false,
  last_reported_at timestamptz not null,
  primary key (msp_id, customer_id, vm_id),
  foreign key (msp_id, customer_id, site_id) references tenancy.site
);
create index vm_of_appliance on protection.vm (msp_id, customer_id, appliance_id);

create table protection.policy (
  msp_id uuid not null,
  customer_id uuid not null,
  policy_id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  edition text not null,
  interval_seconds bigint not null check (interval_seconds between 1 and 31622400),
  repository text not null,
  keep_last int not null check (keep_last > 0),
  created_at timestamptz not null,
  primary key (msp_id, customer_id, policy_id),
  foreign key (msp_id, customer_id) references tenancy.customer
);
create unique index policy_name on protection.policy (msp_id, customer_id, lower(name));

create table protection.policy_vm (
  msp_id uuid not null,
  customer_id uuid not null,
  policy_id uuid not null,
  vm_id uuid not null,
  primary key (msp_id, customer_id, policy_id, vm_id),
  foreign key (msp_id, customer_id, policy_id) references protection.policy on delete cascade,
  foreign key (msp_id, customer_id, vm_id) references protection.vm
);
create index policy_of_vm on protection.policy_vm (msp_id, customer_id, vm_id);

create table protection.restore_point (
  msp_id uuid not null,
  customer_id uuid not null,
  vm_id uuid not null,
  repository text not null,
  point_id text not null,
  appliance_id uuid not null,
  kind text not null,
  verified boolean not null,
  captured_at timestamptz not null,
  sealed_at timestamptz not null,
  size_bytes bigint not null,
  read_bytes bigint not null,
  stored_bytes bigint not null,
  fallback text,
  primary key (msp_id, customer_id, vm_id, repository, point_id),
  foreign key (msp_id, customer_id, vm_id) references protection.vm
);
create index restore_point_by_time
  on protection.restore_point (msp_id, customer_id, captured_at desc, point_id);

create table protection.job (
  msp_id uuid not null,
  customer_id uuid not null,
  job_id uuid not null,
  vm_id uuid not null,
  appliance_id uuid not null,
  kind text not null,
  state text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  message text,
  primary key (msp_id, customer_id, job_id),
  foreign key (msp_id, customer_id, vm_id) references protection.vm
);
create index job_of_vm on protection.job (msp_id, customer_id, vm_id, started_at desc);

create table protection.command (
  msp_id uuid not null,
  customer_id uuid not null,
  command_id uuid not null default uuidv7(),
  appliance_id uuid not null,
  vm_id uuid not null,
  kind text not null,
  state text not null,
  created_at timestamptz not null,
  deadline timestamptz not null,
  finished_at timestamptz,
  message text,
  primary key (msp_id, customer_id, command_id),
  foreign key (msp_id, customer_id, vm_id) references protection.vm
);
create index command_open on protection.command (msp_id, customer_id, appliance_id)
  where state = 'queued';

-- Rises with every change of what one appliance should do; the appliance's ETag is made from it.
create table protection.revision (
  msp_id uuid not null,
  customer_id uuid not null,
  appliance_id uuid not null,
  revision bigint not null,
  primary key (msp_id, customer_id, appliance_id)
);

do $$
declare
  t text;
begin
  foreach t in array array['vm', 'policy', 'policy_vm', 'restore_point', 'job', 'command', 'revision']
  loop
    execute format('alter table protection.%I enable row level security', t);
    execute format('alter table protection.%I force row level security', t);
    execute format(
      'create policy %I on protection.%I using (tenancy.in_scope(msp_id, customer_id))'
      ' with check (tenancy.in_scope(msp_id, customer_id))', t || '_all', t);
    execute format('grant select, insert, update, delete on protection.%I to ${appRole}', t);
  end loop;
end $$;
