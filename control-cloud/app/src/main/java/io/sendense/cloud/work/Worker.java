package io.sendense.cloud.work;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.stats.MicrometerStatsRegistry;
import com.github.kagkarlsson.scheduler.stats.StatsRegistryAdapter;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.sendense.cloud.db.WorkConnections;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Does the work that is due, on a bounded number of threads. Stopping, it takes nothing more, waits
 * for what it has, and leaves the rest to the others.
 */
@Component
final class Worker implements SmartLifecycle {
  private static final int MISSED_HEARTBEATS = 4;
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);

  private final Scheduler scheduler;
  private volatile boolean running;

  Worker(
      WorkConnections connections,
      WorkSettings settings,
      MeterRegistry meters,
      PerMspWork perMsp,
      ObjectProvider<Recurring> recurring,
      ObjectProvider<OneTime> oneTime) {
    List<RecurringTask<?>> again = new ArrayList<>();
    recurring.stream().forEach(work -> again.add(task(work)));
    perMsp.recurring().forEach(work -> again.add(task(work)));
    List<Task<?>> once = new ArrayList<>();
    oneTime.stream().forEach(work -> once.add(task(work)));
    perMsp.oneTime().forEach(work -> once.add(task(work)));
    List<Task<?>> all = new ArrayList<>(once);
    all.addAll(again);
    scheduler =
        Scheduler.create(connections.source(), once)
            .startTasks(again)
            .tableName("public.scheduled_tasks")
            .threads(settings.threads())
            .pollingInterval(settings.poll())
            .pollUsingLockAndFetch(0.5, 1.0)
            .heartbeatInterval(settings.heartbeat())
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .shutdownMaxWait(settings.stop())
            .serializer(new TextData())
            // The system's own clock: replicas compare each other's heartbeats by it.
            .clock(Instant::now)
            .schedulerName(new SchedulerName.Fixed(name()))
            .failureLogging(LogLevel.WARN, true)
            .addSchedulerListener(
                new StatsRegistryAdapter(new MicrometerStatsRegistry(meters, all)))
            .build();
  }

  private static RecurringTask<?> task(Recurring work) {
    return Tasks.recurring(work.name(), FixedDelay.of(work.period()))
        .execute((instance, context) -> work.work().run());
  }

  private static Task<?> task(OneTime work) {
    return Tasks.oneTime(work.name(), String.class)
        .onFailure(
            (complete, operations) -> {
              int failures = Math.min(complete.getExecution().consecutiveFailures, 20);
              Duration wait = FIRST_RETRY.multipliedBy(1L << failures);
              Duration bounded = wait.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wait;
              operations.reschedule(complete, complete.getTimeDone().plus(bounded));
            })
        .execute((instance, context) -> work.work().accept(instance.getData()));
  }

  private static String name() {
    return ProcessHandle.current().pid() + "-" + UUID.randomUUID();
  }

  @Override
  public synchronized void start() {
    running = true;
    scheduler.start();
  }

  @Override
  public synchronized void stop() {
    if (running) {
      running = false;
      scheduler.stop();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
