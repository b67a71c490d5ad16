package io.sendense.lab.cloudstack;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asynchronous jobs: Programmer Guide, "Asynchronous Commands". */
final class Jobs implements AutoCloseable {
  private final Map<String, Map<String, Object>> all = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LabFaults faults;
  private final Object cloud;
  private final Semaphore held = new Semaphore(0);
  private volatile boolean holding;

  /**
   * @param cloud whose lock a job holds while it works
   */
  Jobs(LabFaults faults, Object cloud) {
    this.faults = faults;
    this.cloud = cloud;
  }

  /**
   * Starts one.
   *
   * @param work makes what the job's result holds
   */
  String start(String command, Supplier<Map<String, Object>> work) {
    String id = UUID.randomUUID().toString();
    put(id, command, 0, 0, Map.of());
    threads.execute(() -> run(id, command, work));
    return id;
  }

  private void run(String id, String command, Supplier<Map<String, Object>> work) {
    try {
      if (holding) {
        boolean released = held.tryAcquire(60, TimeUnit.SECONDS);
        if (!released) {
          throw new LabError(LabError.INTERNAL, "held for too long");
        }
      }
      Map<String, Object> result;
      synchronized (cloud) {
        faults.strike(LabFaults.Kind.JOB, command);
        result = work.get();
        faults.strike(LabFaults.Kind.JOB_LATE, command);
      }
      put(id, command, 1, 0, result);
    } catch (LabError e) {
      put(id, command, 2, e.code(), failure(e.code(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      put(id, command, 2, LabError.INTERNAL, failure(LabError.INTERNAL, "interrupted"));
    } catch (RuntimeException | AssertionError e) {
      put(id, command, 2, LabError.INTERNAL, failure(LabError.INTERNAL, e.getMessage()));
    }
  }

  private static Map<String, Object> failure(int code, @Nullable String text) {
    return Map.of("errorcode", code, "errortext", String.valueOf(text));
  }

  private void put(String id, String command, int status, int code, Map<String, Object> result) {
    Map<String, Object> job = new TreeMap<>();
    job.put("jobid", id);
    job.put("cmd", "org.apache.cloudstack.api.command." + command);
    job.put("jobstatus", status);
    job.put("jobprocstatus", 0);
    job.put("jobresultcode", code);
    if (status != 0) {
      job.put("jobresulttype", "object");
      job.put("jobresult", result);
    }
    all.put(id, job);
  }

  Map<String, Object> query(String id) {
    Map<String, Object> job = all.get(id);
    if (job == null) {
      throw new LabError(LabError.PARAMETER, "Unable to find a job by id " + id);
    }
    return job;
  }

  /** Jobs that start from now on wait. */
  void hold() {
    holding = true;
  }

  void release() {
    holding = false;
    held.release(1000);
  }

  @Override
  public void close() {
    release();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
