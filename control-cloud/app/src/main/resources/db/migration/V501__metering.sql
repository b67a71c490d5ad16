-- Usage as appliances signed it. Records and heads are added and read, never changed or removed.
create schema metering;
grant usage on schema metering to ${appRole};

-- One row per stream of an appliance; whoever stores a batch holds its lock.
create table metering.stream (
  msp_id uuid not null,
  customer_id uuid not null,
  appliance_id uuid not null,
  stream text not null,
  current_epoch int not null check (current_epoch > 0),
  primary key (msp_id, customer_id, appliance_id, stream),
  foreign key (msp_id, customer_id) references tenancy.customer
);

-- The primary key is the dedupe key, so a record and its key are one row.
create table metering.record (
  msp_id uuid not null,
  customer_id uuid not null,
  appliance_id uuid not null,
  stream text not null,
  epoch int not null check (epoch > 0),
  sequence bigint not null check (sequence > 0),
  hour timestamptz not null,
  hash bytea not null check (length(hash) = 32),
  content bytea not null,
  accepted_at timestamptz not null,
  primary key (msp_id, customer_id, appliance_id, stream, epoch, sequence),
  foreign key (msp_id, customer_id, appliance_id, stream) references metering.stream
);
create index record_by_hour
  on metering.record (msp_id, customer_id, hour, appliance_id, stream, epoch, sequence);

-- What was signed over the records up to and with last_sequence, and the key it was checked with.
create table metering.head (
  msp_id uuid not null,
  customer_id uuid not null,
  appliance_id uuid not null,
  stream text not null,
  epoch int not null,
  last_sequence bigint not null,
  signed bytea not null,
  signature bytea not null,
  public_key bytea not null,
  accepted_at timestamptz not null,
  primary key (msp_id, customer_id, appliance_id, stream, epoch, last_sequence),
  foreign key (msp_id, customer_id, appliance_id, stream, epoch, last_sequence)
    references metering.record
);

create table metering.alert (
  msp_id uuid not null,
  customer_id uuid not null,
  alert_id uuid not null default uuidv7(),
  appliance_id uuid not null,
  code text not null,
  message text not null,
  at timestamptz not null,
  primary key (msp_id, customer_id, alert_id),
  foreign key (msp_id, customer_id) references tenancy.customer
);
create index alert_of_appliance on metering.alert (msp_id, customer_id, appliance_id, at desc);

do $$
declare
  t text;
begin
  foreach t in array array['stream', 'record', 'head', 'alert']
  loop
    execute format('alter table metering.%I enable row level security', t);
    execute format('alter table metering.%I force row level security', t);
    execute format(
      'create policy %I on metering.%I using (tenancy.in_scope(msp_id, customer_id))'
      ' with check (tenancy.in_scope(msp_id, customer_id))', t || '_all', t);
    execute format('grant select, insert on metering.%I to ${appRole}', t);
  end loop;
end $$;
grant update on metering.stream to ${appRole};
