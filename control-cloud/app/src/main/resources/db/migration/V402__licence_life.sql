-- What becomes of a licence after it was issued: each change is a new licence in the place of the one
-- before, so that what an appliance holds is always what stands in one row.
alter table licensing.licence
  add cause text not null default 'issue'
    check (cause in ('issue', 'change', 'renew', 'bind', 'transfer')),
  -- The only appliance that it is for; null = every appliance of the customer.
  add appliance_id uuid,
  -- How long the licence is enough without any lease.
  add offline_seconds bigint not null default 604800 check (offline_seconds >= 0),
  -- Whether it binds itself to the hardware of its appliance, and to which: kind=hash.
  add bind_hardware boolean not null default false,
  add hardware text[] not null default '{}',
  add transfers_left int not null default 0 check (transfers_left >= 0),
  -- By so many months from the anchor on it is renewed by itself.
  add renew_months int check (renew_months between 1 and 36),
  add renew_anchor timestamptz,
  add suspended_at timestamptz,
  add suspend_reason text,
  add revoke_reason text,
  add check ((renew_months is null) = (renew_anchor is null)),
  add check ((suspended_at is null) = (suspend_reason is null)),
  add check (not bind_hardware or appliance_id is not null),
  add foreign key (msp_id, customer_id, appliance_id) references fleet.appliance;
create index licence_by_time on licensing.licence (msp_id, customer_id, issued_at desc, licence_id);
