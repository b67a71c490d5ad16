-- Work that is due, claimed by whichever replica comes first. It is no tenant table: a row names a task
-- and an identifier, never anything of a tenant's, and claims are made without any scope. What the work
-- reads and writes is under a scope of its own. The columns are those that db-scheduler expects.
grant usage on schema public to ${appRole};
create table public.scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamptz not null,
  picked boolean not null,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures int,
  last_heartbeat timestamptz,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index scheduled_tasks_due on public.scheduled_tasks (execution_time);
create index scheduled_tasks_heard on public.scheduled_tasks (last_heartbeat);
grant select, insert, update, delete on public.scheduled_tasks to ${appRole};

-- Which MSPs there are, for work that is done for each of them.
create policy msp_schedule on tenancy.msp for select using (tenancy.in_system('scheduling'));
