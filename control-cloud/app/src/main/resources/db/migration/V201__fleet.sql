-- Appliances: how they enrolled, which certificates they were given, who holds their identity now,
-- and what the link must remember to tell a repetition from a copy.
create schema fleet;
grant usage on schema fleet to ${appRole};

create table fleet.appliance (
  msp_id uuid not null,
  customer_id uuid not null,
  appliance_id uuid not null default uuidv7(),
  site_id uuid not null,
  name text not null check (length(name) between 1 and 120),
  state text not null check (state in ('pending', 'active', 'banned')),
  state_reason text,
  enrolled_at timestamptz not null,
  last_seen_at timestamptz,
  software_version text,
  applied_version bigint,
  health_level text,
  health_detail text,
  -- The desired state's version and the hash of its content: the version rises when the hash changes.
  desired_version bigint not null default 0,
  desired_hash bytea,
  -- The one running process that holds this identity, and until when it counts as alive.
  session_id uuid,
  session_until timestamptz,
  -- The lease given last and the nonce that it answered.
  lease_sequence bigint not null default 0,
  lease_nonce uuid,
  -- The report accepted last.
  report_epoch uuid,
  report_sequence bigint,
  report_hash bytea,
  primary key (msp_id, customer_id, appliance_id),
  foreign key (msp_id, customer_id, site_id) references tenancy.site
);

-- The secret of a token is 256 random bits, kept as SHA-256 only.
create table fleet.enrolment_token (
  msp_id uuid not null,
  customer_id uuid not null,
  token_id uuid not null,
  site_id uuid not null,
  secret_hash bytea not null,
  approval text not null check (approval in ('automatic', 'manual')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by_key bytea,
  appliance_id uuid,
  primary key (msp_id, customer_id, token_id),
  foreign key (msp_id, customer_id, site_id) references tenancy.site,
  foreign key (msp_id, customer_id, appliance_id) references fleet.appliance
);
create index token_of_site on fleet.enrolment_token (msp_id, customer_id, site_id, token_id);

create table fleet.certificate (
  msp_id uuid not null,
  customer_id uuid not null,
  appliance_id uuid not null,
  serial text not null,
  number bigint generated always as identity,
  issued_at timestamptz not null,
  not_after timestamptz not null,
  used_at timestamptz,
  primary key (msp_id, customer_id, appliance_id, serial),
  foreign key (msp_id, customer_id, appliance_id) references fleet.appliance
);

create table fleet.alert (
  msp_id uuid not null,
  customer_id uuid not null,
  appliance_id uuid not null,
  code text not null,
  message text not null,
  at timestamptz not null,
  primary key (msp_id, customer_id, appliance_id, code),
  foreign key (msp_id, customer_id, appliance_id) references fleet.appliance
);

do $$
declare
  t text;
begin
  foreach t in array array['appliance', 'enrolment_token', 'certificate', 'alert']
  loop
    execute format('alter table fleet.%I enable row level security', t);
    execute format('alter table fleet.%I force row level security', t);
    execute format(
      'create policy %I on fleet.%I using (tenancy.in_scope(msp_id, customer_id))'
      ' with check (tenancy.in_scope(msp_id, customer_id))', t || '_all', t);
    execute format('grant select, insert, update on fleet.%I to ${appRole}', t);
  end loop;
end $$;
