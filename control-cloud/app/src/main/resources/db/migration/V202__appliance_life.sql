-- An appliance that is given up in order is retired; the machine under it can be replaced, which keeps
-- its identity and everything that hangs on it.
alter table fleet.appliance drop constraint appliance_state_check;
alter table fleet.appliance add constraint appliance_state_check
  check (state in ('pending', 'active', 'banned', 'retired'));
alter table fleet.enrolment_token
  add replaces_appliance_id uuid,
  add foreign key (msp_id, customer_id, replaces_appliance_id) references fleet.appliance;
