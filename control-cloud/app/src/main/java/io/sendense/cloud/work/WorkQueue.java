package io.sendense.cloud.work;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jooq.DSLContext;
import org.springframework.stereotype.Component;

/** Asks for work in the transaction of its cause. Thread-safe. */
@Component
public final class WorkQueue {
  /**
   * Asks for a {@link OneTime} work; it begins when, and only when, the transaction has committed.
   *
   * @param task the name of the work
   * @param instance of the work: nothing happens while one of this name is waiting or running
   * @param data given to the work; no secret, no personal data
   * @param after by the database's clock, counted from the start of the transaction
   * @return whether it was added
   */
  public boolean add(DSLContext dsl, String task, String instance, String data, Duration after) {
    return dsl.execute(
            "insert into public.scheduled_tasks (task_name, task_instance, task_data,"
                + " execution_time, picked, version) values (?, ?, ?, now() + ? * interval '1"
                + " millisecond', false, 1) on conflict do nothing",
            task,
            instance,
            data.getBytes(StandardCharsets.UTF_8),
            after.toMillis())
        == 1;
  }
}
