package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.work.WorkQueue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Work between replicas, each a process of its own. */
@Tag("server")
class BackgroundWorkTest {
  private static final Pattern STARTED = Pattern.compile("Netty started on port (\\d+) \\(http\\)");
  private static final int TASKS = 100;

  private final CloudUnderTest cloud = CloudUnderTest.get();

  @Test
  void replicasShareTheWorkAndOneTakesOverWhatAKilledOneHad() throws Exception {
    owner("create table public.test_note (task text, pid bigint)");
    owner("grant select, insert on public.test_note to public");
    Map<String, String> settings = new HashMap<>(cloud.settings());
    settings.put("sendense.test.work", "true");
    settings.put("sendense.work.heartbeat", "1s");
    settings.put("sendense.work.poll", "100ms");
    settings.put("sendense.work.threads", "2");
    // Three control planes share one small PostgreSQL.
    settings.put("sendense.db.pool-size", "6");
    try (ControlPlaneProcess one = new ControlPlaneProcess(settings);
        ControlPlaneProcess two = new ControlPlaneProcess(settings)) {
      one.await(STARTED);
      two.await(STARTED);
      assertThatThrownBy(() -> add("undone", true)).hasMessage("undone");
      for (int i = 0; i < TASKS; i++) {
        add("task-" + i, false);
      }
      List<String> done =
          await(
              "select task || ' ' || count(*) from public.test_note group by task",
              rows -> rows.size() == TASKS);
      assertThat(done).allMatch(row -> row.endsWith(" 1")).noneMatch(row -> row.contains("undone"));
      assertThat(texts("select distinct pid from public.test_note")).as("replicas").hasSize(2);

      add("stay", false);
      String pid =
          await("select pid from public.test_note where task = 'stay'", rows -> rows.size() == 1)
              .getFirst();
      assertThat(ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly()).isTrue();
      List<String> both =
          await("select pid from public.test_note where task = 'stay'", rows -> rows.size() > 1);
      assertThat(both).hasSize(2).doesNotHaveDuplicates();
      await(
          "select task_instance from public.scheduled_tasks where task_name = '"
              + WorkOfTests.TASK
              + "'",
          List::isEmpty);
    } finally {
      owner("drop table public.test_note");
    }
    assertThat(cloud.plain(cloud.managementUri("/actuator/prometheus")).text())
        .contains("hikaricp_connections_active{pool=\"background-work\"}")
        .contains("dbscheduler_");
  }

  /** Adds work in a transaction, which is undone where {@code fails}. */
  private void add(String task, boolean fails) {
    boolean added =
        cloud
            .bean(ScopedTx.class)
            .run(
                new Scope.Platform(),
                dsl -> {
                  boolean first =
                      cloud
                          .bean(WorkQueue.class)
                          .add(dsl, WorkOfTests.TASK, task, task, Duration.ZERO);
                  assertThat(
                          cloud
                              .bean(WorkQueue.class)
                              .add(dsl, WorkOfTests.TASK, task, task, Duration.ZERO))
                      .as("the same again")
                      .isFalse();
                  if (fails) {
                    throw new IllegalStateException(task);
                  }
                  return first;
                });
    assertThat(added).isTrue();
  }

  private List<String> await(String query, Predicate<List<String>> wanted) throws SQLException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      List<String> rows = texts(query);
      if (wanted.test(rows)) {
        return rows;
      }
      assertThat(System.nanoTime()).as(query + " gave " + rows).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private List<String> texts(String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection owner = cloud.owner();
        Statement statement = owner.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  private void owner(String sql) throws SQLException {
    try (Connection owner = cloud.owner();
        Statement statement = owner.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }
}
