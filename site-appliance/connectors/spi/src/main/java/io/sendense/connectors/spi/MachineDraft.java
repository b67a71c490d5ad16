package io.sendense.connectors.spi;

/**
 * A machine being made: first its disks, each written, flushed, read back and finished; then the
 * machine; then it may be started; then it is kept. Disks may be made at once, but only one is
 * created, finished or adopted at a time. Closed before that, it is rolled back: the machine is
 * stopped and removed with every disk that was made for it.
 *
 * <p>A platform whose disks can be written only once, such as a snapshot or an upload, completes
 * them in {@link TargetDisk#flush}: nothing is written after it.
 */
public interface MachineDraft extends TargetConnector, AutoCloseable {
  /**
   * Makes the machine from its finished disks, attached in the order of the plan. It is off.
   *
   * @return as the platform's inventory shows it from now on
   * @throws io.sendense.domain.SendenseException CONFLICT where a disk of the plan is not finished;
   *     SOURCE_PROTOCOL with the platform's words
   */
  Machine make();

  /**
   * Starts the machine that was made; returns when the platform says that it runs, which is not yet
   * that its guest has booted.
   *
   * @throws io.sendense.domain.SendenseException SOURCE_PROTOCOL with the platform's words
   */
  void start();

  /** Hands the machine over: it is no longer ours to remove. */
  void keep();

  /** Without {@link #keep} everything that was made is removed. May be called twice. */
  @Override
  void close();
}
