package io.sendense.billing.metering;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;

/**
 * Consecutive records of one chain under one signature. Its inner order is checked when it is made
 * and when it is read; the signature only by {@link #signedBy}.
 */
public final class UsageBatch {
  /** Records per batch; six weeks of hours. */
  public static final int MOST_RECORDS = 1000;

  /** In bytes, of the whole byte form. */
  public static final int MOST_BYTES = 16 * 1024 * 1024;

  private final List<UsageRecord> records;
  private final byte[] signature;

  UsageBatch(List<UsageRecord> records, byte[] signature) throws UsageFormatException {
    this.records = List.copyOf(records);
    this.signature = signature.clone();
    checkChain(this.records);
  }

  /**
   * Signs the head of these records.
   *
   * @param records of one chain, in order and without a hole, 1 to {@link #MOST_RECORDS}
   * @param key the private half of the appliance's certificate, ECDSA on P-256
   * @throws IllegalArgumentException if the records are no chain
   */
  public static UsageBatch sign(List<UsageRecord> records, PrivateKey key) {
    try {
      checkChain(records);
      Signature signer = Signature.getInstance(BatchBytes.SIGNATURE_ALGORITHM);
      signer.initSign(key);
      signer.update(BatchBytes.head(records));
      return new UsageBatch(records, signer.sign());
    } catch (UsageFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("this key cannot sign usage: it is not ECDSA", e);
    }
  }

  /** In ascending order, never empty. */
  public List<UsageRecord> records() {
    return records;
  }

  public ChainId chain() {
    return records.getFirst().id().chain();
  }

  public long firstSequence() {
    return records.getFirst().id().sequence();
  }

  public long lastSequence() {
    return records.getLast().id().sequence();
  }

  /** The signed bytes, to be kept with the records as proof. */
  public byte[] head() {
    return BatchBytes.head(records);
  }

  /** ECDSA in DER form. */
  public byte[] signature() {
    return signature.clone();
  }

  /** Whether the head was signed with the private half of this key; false for any other key. */
  public boolean signedBy(PublicKey key) {
    try {
      Signature verifier = Signature.getInstance(BatchBytes.SIGNATURE_ALGORITHM);
      verifier.initVerify(key);
      verifier.update(head());
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  public byte[] toBytes() {
    return BatchBytes.write(this);
  }

  /**
   * Reads the byte form. Hostile input is expected; the signature is not checked here.
   *
   * @throws UsageFormatException if it is anything but the one form of one batch
   */
  public static UsageBatch ofBytes(byte[] bytes) throws UsageFormatException {
    return BatchBytes.read(bytes);
  }

  private static void checkChain(List<UsageRecord> records) throws UsageFormatException {
    if (records.isEmpty() || records.size() > MOST_RECORDS) {
      throw new UsageFormatException(
          "a batch has 1 to " + MOST_RECORDS + " records, got " + records.size());
    }
    for (int i = 1; i < records.size(); i++) {
      UsageRecord before = records.get(i - 1);
      UsageRecord next = records.get(i);
      boolean follows =
          next.id().chain().equals(before.id().chain())
              && next.id().sequence() == before.id().sequence() + 1
              && next.previous().equals(before.hash());
      if (!follows) {
        throw new UsageFormatException("record " + next.id() + " does not continue " + before.id());
      }
    }
  }
}
