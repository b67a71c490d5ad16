package io.sendense.cloud;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.work.OneTime;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Work that writes down who did it; only for replicas that a test starts with the property. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("sendense.test.work")
class WorkOfTests {
  static final String TASK = "test.note";

  @Bean
  OneTime note(ScopedTx tx) {
    return new OneTime(TASK, data -> note(tx, data));
  }

  /** The first to do {@code stay} goes on until its process is killed. */
  private static void note(ScopedTx tx, String data) {
    long me = ProcessHandle.current().pid();
    int others =
        tx.run(
            new Scope.Platform(),
            dsl -> {
              dsl.execute("insert into public.test_note (task, pid) values (?, ?)", data, me);
              return dsl.fetchCount(
                  org.jooq.impl.DSL.table("public.test_note"),
                  org.jooq.impl.DSL.condition("task = ? and pid <> ?", data, me));
            });
    if (data.equals("stay") && others == 0) {
      LockSupport.parkNanos(Duration.ofMinutes(5).toNanos());
    }
  }
}
