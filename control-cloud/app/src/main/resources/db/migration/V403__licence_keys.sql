-- Which keys each appliance believes, as it said with its last lease, so that a new key signs only what
-- can be read. The system's own view counts them over all tenants, and sees nothing else.
alter table licensing.lease add trusted_keys text[] not null default '{}';
create policy lease_keys on licensing.lease for select
  using (tenancy.in_system('licence-keys'));
create policy licence_keys on licensing.licence for select
  using (tenancy.in_system('licence-keys'));
