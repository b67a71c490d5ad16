-- By how much the appliance's clock was ahead of ours at its newest report.
alter table fleet.appliance add column clock_offset_millis bigint;
