package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.ReportedState;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the link must remember. Every call is one transaction in the scope of the tenant that its
 * first argument names; a failed call leaves everything as it was. Any thread.
 */
interface FleetStore {
  /** What became of a token. */
  sealed interface Enrolled {
    /** The appliance exists and may have a certificate. */
    record Accepted(ApplianceIdentity identity) implements Enrolled {}

    /** The appliance exists and waits for a person. */
    record Waiting(ApplianceIdentity identity) implements Enrolled {}

    record UnknownToken() implements Enrolled {}

    record ExpiredToken(Instant since) implements Enrolled {}

    record UsedToken() implements Enrolled {}

    record Banned(String reason) implements Enrolled {}
  }

  /** A certificate as it was issued, with what became of its appliance. */
  record Known(State state, Instant notAfter, boolean newerUsed) {}

  /** Whether an appliance may call. */
  enum State {
    PENDING,
    ACTIVE,
    BANNED,
    /** Given up in order: it may not call, and nothing is wrong with it. */
    RETIRED
  }

  /** Who holds an appliance's identity right now. */
  enum Holder {
    /** The caller does. */
    CALLER,
    /** The session was not opened, or its end was noted. */
    NOT_OPEN,
    /** Another session does, or the caller's state is an older copy. */
    OTHER
  }

  /** What becomes of a report. */
  enum Reported {
    STORED,
    /** Known already, byte for byte. */
    DUPLICATE,
    /** Its sequence was used for something else: the appliance was rolled back or copied. */
    ROLLED_BACK
  }

  /**
   * Consumes the token and makes the appliance in one transaction. The same token with the same key
   * gives the same appliance again, so that a lost answer can be asked for once more.
   */
  Enrolled enrol(EnrolmentToken token, byte[] keyHash, String name, Instant now);

  /** Remembers a certificate before it is given away. */
  void issued(ApplianceIdentity identity, BigInteger serial, Instant notAfter, Instant now);

  Optional<Known> certificate(ApplianceIdentity identity, BigInteger serial);

  /** Notes that the certificate was used, and so that older ones are over. */
  void used(ApplianceIdentity identity, BigInteger serial, Instant now);

  /**
   * Opens a session, if no other is live and the lease held is the one given last.
   *
   * @param heldSequence of the lease held
   * @param nonce of the request: the same one again means that the last answer was lost
   * @param liveUntil how long the session counts as live without another call
   */
  Holder open(
      ApplianceIdentity identity,
      UUID session,
      long heldSequence,
      UUID nonce,
      Instant now,
      Instant liveUntil);

  /** Remembers the sequence of the lease that goes out in answer to this nonce. */
  void leased(ApplianceIdentity identity, UUID nonce, long sequence);

  /** Notes a call of a session. */
  Holder touch(ApplianceIdentity identity, UUID session, Instant now, Instant liveUntil);

  /** Notes that the last connection of a session has closed. */
  void left(ApplianceIdentity identity, UUID session, Instant now);

  /** Raises an alert and writes the audit log; the same alert again only moves its time. */
  void alert(ApplianceIdentity identity, String code, String message, Instant now);

  /** The desired state as it is now; its version rises whenever its content changes. */
  DesiredState desired(ApplianceIdentity identity, Instant now);

  /**
   * Stores a report.
   *
   * @param hash over its bytes
   */
  Reported report(ApplianceIdentity identity, ReportedState state, byte[] hash, Instant now);
}
