-- What a person should look at, until it is over, and by which rules it is found.
create schema notification;
grant usage on schema notification to ${appRole};

-- What differs from the defaults. The nil customer stands for the MSP: its rules are for all of its
-- customers that have no rule of their own.
create table notification.rule (
  msp_id uuid not null references tenancy.msp,
  customer_id uuid not null,
  kind text not null,
  enabled boolean not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  threshold bigint not null check (threshold >= 0),
  escalate_seconds bigint not null check (escalate_seconds >= 0),
  changed_at timestamptz not null,
  primary key (msp_id, customer_id, kind)
);
alter table notification.rule enable row level security;
alter table notification.rule force row level security;
create policy rule_read on notification.rule for select
  using (tenancy.in_scope(msp_id, customer_id)
    or (tenancy.in_msp(msp_id) and customer_id = '00000000-0000-0000-0000-000000000000'));
create policy rule_change on notification.rule
  using (tenancy.in_scope(msp_id, customer_id)) with check (tenancy.in_scope(msp_id, customer_id));
grant select, insert, update on notification.rule to ${appRole};

create table notification.alert (
  msp_id uuid not null,
  customer_id uuid not null,
  alert_id uuid not null default uuidv7(),
  kind text not null,
  subject text not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  message text not null,
  opened_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  escalated_at timestamptz,
  resolved_at timestamptz,
  primary key (msp_id, customer_id, alert_id),
  foreign key (msp_id, customer_id) references tenancy.customer
);
-- One cause has one alert at a time.
create unique index alert_open on notification.alert (msp_id, customer_id, kind, subject)
  where resolved_at is null;

-- What became of an alert; added and read, never changed or removed.
create table notification.alert_history (
  msp_id uuid not null,
  customer_id uuid not null,
  alert_id uuid not null,
  number bigint generated always as identity,
  at timestamptz not null,
  what text not null
    check (what in ('opened', 'changed', 'acknowledged', 'commented', 'escalated', 'resolved')),
  actor text not null,
  text text not null,
  primary key (msp_id, customer_id, alert_id, number),
  foreign key (msp_id, customer_id, alert_id) references notification.alert
);

do $$
declare
  t text;
begin
  foreach t in array array['alert', 'alert_history']
  loop
    execute format('alter table notification.%I enable row level security', t);
    execute format('alter table notification.%I force row level security', t);
    execute format(
      'create policy %I on notification.%I using (tenancy.in_scope(msp_id, customer_id))'
      ' with check (tenancy.in_scope(msp_id, customer_id))', t || '_all', t);
    execute format('grant select, insert on notification.%I to ${appRole}', t);
  end loop;
end $$;
grant update on notification.alert to ${appRole};
