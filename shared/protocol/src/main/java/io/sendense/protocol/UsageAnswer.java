package io.sendense.protocol;

/**
 * What the cloud holds after a batch.
 *
 * @param outcome what became of the batch
 * @param stream whose records they are, as the metering part names it
 * @param epoch the stream's open epoch; higher than the batch's when it {@link Outcome#FORKED}
 * @param acknowledgedThrough the appliance may forget the batch's chain up to and with this
 *     sequence; 0 when the cloud has none of it
 * @param accepted records of this batch that were new to the cloud
 */
public record UsageAnswer(
    Outcome outcome, String stream, int epoch, long acknowledgedThrough, int accepted)
    implements Message {
  /** What became of the batch. */
  public enum Outcome {
    ACCEPTED,
    /** Everything in it was known. */
    DUPLICATE,
    /** Records before it are missing: the sender begins after {@code acknowledgedThrough}. */
    GAP,
    /** The same sequence with other content was known: the sender begins {@code epoch}. */
    FORKED
  }

  public UsageAnswer {
    Bounds.required(outcome, "outcome");
    Bounds.text(stream, 32, "stream");
    Bounds.within(epoch, 1, Integer.MAX_VALUE, "epoch");
    Bounds.notNegative(acknowledgedThrough, "acknowledgedThrough");
    Bounds.within(accepted, 0, 1_000_000, "accepted");
  }
}
