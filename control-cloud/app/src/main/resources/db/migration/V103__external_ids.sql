-- How an MSP's own systems call a customer: what they ask for by it is done once.
alter table tenancy.customer
  add external_id text check (length(external_id) between 1 and 100);
create unique index customer_external_id on tenancy.customer (msp_id, external_id);
create policy customer_change on tenancy.customer for update
  using (tenancy.in_whole_msp(msp_id)) with check (tenancy.in_whole_msp(msp_id));
grant update (name) on tenancy.customer to ${appRole};
