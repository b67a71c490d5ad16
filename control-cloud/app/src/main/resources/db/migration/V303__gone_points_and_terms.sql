-- Points that cannot be restored any more stay, for those who ask what became of them.
alter table protection.restore_point
  add column gone_at timestamptz,
  add column gone_reason text check (gone_reason in ('retention', 'deleted', 'damaged')),
  add column gone_detail text,
  add constraint gone_has_a_reason check ((gone_at is null) = (gone_reason is null));

-- Beside keep_last: the newest point of each of the newest so many periods of a calendar.
alter table protection.policy
  add column keep_hourly int not null default 0 check (keep_hourly >= 0),
  add column keep_daily int not null default 0 check (keep_daily >= 0),
  add column keep_weekly int not null default 0 check (keep_weekly >= 0),
  add column keep_monthly int not null default 0 check (keep_monthly >= 0),
  add column keep_yearly int not null default 0 check (keep_yearly >= 0),
  add column time_zone text not null default 'UTC',
  add column megabytes_per_second int check (megabytes_per_second > 0),
  add column lock_mode text check (lock_mode in ('governance', 'compliance')),
  add column lock_days int check (lock_days between 1 and 3650),
  add constraint lock_is_whole check ((lock_mode is null) = (lock_days is null));
