package io.sendense.cloud.metering;

import static io.sendense.cloud.db.metering.Tables.ALERT;
import static io.sendense.cloud.db.metering.Tables.HEAD;
import static io.sendense.cloud.db.metering.Tables.RECORD;

import io.sendense.billing.metering.BatchVerdict;
import io.sendense.billing.metering.BatchVerifier;
import io.sendense.billing.metering.UsageFormatException;
import io.sendense.billing.metering.UsageRecord;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.UsagePort;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.UsageAnswer;
import io.sendense.protocol.UsageBatch;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jooq.DSLContext;
import org.springframework.stereotype.Service;

/**
 * Takes usage in: each record once, with its dedupe key and the signed head in one transaction. A
 * gap is answered, a forged batch refused, a fork opens an epoch; the last two leave an alert.
 */
@Service
class UsageIntake implements UsagePort {
  private final ScopedTx tx;
  private final ChangeFeed changes;
  private final InstantSource clock;

  UsageIntake(ScopedTx tx, ChangeFeed changes, InstantSource clock) {
    this.tx = tx;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public UsageAnswer accept(ApplianceIdentity sender, PublicKey key, UsageBatch sent) {
    io.sendense.billing.metering.UsageBatch batch = decode(sent);
    Taken taken =
        tx.run(
            Scope.customer(sender.msp(), sender.customer()), dsl -> take(dsl, sender, key, batch));
    return switch (taken) {
      case Taken.Answered answered -> answered.answer();
      case Taken.Refused refused ->
          throw new SendenseException(
              ErrorCode.LINK_REFUSED,
              refused.what(),
              "Usage counts only when it is signed by the appliance that it is of.");
    };
  }

  /** The alert of a refusal has to be committed, so the refusal is thrown after it. */
  private sealed interface Taken {
    record Answered(UsageAnswer answer) implements Taken {}

    record Refused(String what) implements Taken {}
  }

  private Taken take(
      DSLContext dsl,
      ApplianceIdentity sender,
      PublicKey key,
      io.sendense.billing.metering.UsageBatch batch) {
    String stream = batch.chain().stream();
    DatabaseChain chain = DatabaseChain.locked(dsl, sender, stream);
    BatchVerdict verdict = new BatchVerifier(chain).judge(batch, sender.appliance(), key);
    return switch (verdict) {
      case BatchVerdict.Accepted accepted -> {
        store(dsl, sender, key, batch, accepted.fresh());
        yield answered(
            UsageAnswer.Outcome.ACCEPTED, batch, batch.lastSequence(), accepted.fresh().size());
      }
      case BatchVerdict.Duplicate duplicate ->
          answered(UsageAnswer.Outcome.DUPLICATE, batch, duplicate.lastSequence(), 0);
      case BatchVerdict.Gap gap ->
          answered(UsageAnswer.Outcome.GAP, batch, gap.expectedSequence() - 1, 0);
      case BatchVerdict.Fork fork -> {
        chain.openEpoch(stream, fork.newEpoch());
        alert(
            dsl,
            sender,
            "usage-forked",
            "usage parted at "
                + fork.at()
                + " from what is known: the appliance was rolled back or copied; epoch "
                + fork.newEpoch()
                + " is open");
        yield forked(batch, fork.newEpoch());
      }
      case BatchVerdict.UnknownEpoch unknown -> {
        // Ours was restored to an older state, perhaps. A fresh epoch keeps every hour.
        int next = Math.addExact(batch.chain().epoch(), 1);
        chain.openEpoch(stream, next);
        alert(
            dsl,
            sender,
            "usage-unknown-epoch",
            "usage of epoch "
                + batch.chain().epoch()
                + " came, known was "
                + unknown.currentEpoch()
                + "; epoch "
                + next
                + " is open");
        yield forked(batch, next);
      }
      case BatchVerdict.Forged forged -> {
        alert(dsl, sender, "usage-forged", forged.what());
        yield new Taken.Refused(forged.what());
      }
    };
  }

  private void store(
      DSLContext dsl,
      ApplianceIdentity sender,
      PublicKey key,
      io.sendense.billing.metering.UsageBatch batch,
      List<UsageRecord> fresh) {
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    for (UsageRecord usage : fresh) {
      dsl.insertInto(RECORD)
          .set(RECORD.MSP_ID, sender.msp().value())
          .set(RECORD.CUSTOMER_ID, sender.customer().value())
          .set(RECORD.APPLIANCE_ID, sender.appliance().value())
          .set(RECORD.STREAM, usage.id().chain().stream())
          .set(RECORD.EPOCH, usage.id().chain().epoch())
          .set(RECORD.SEQUENCE, usage.id().sequence())
          .set(RECORD.HOUR, usage.hour().atOffset(ZoneOffset.UTC))
          .set(RECORD.HASH, usage.hash().toBytes())
          .set(RECORD.CONTENT, usage.toBytes())
          .set(RECORD.ACCEPTED_AT, now)
          .execute();
    }
    dsl.insertInto(HEAD)
        .set(HEAD.MSP_ID, sender.msp().value())
        .set(HEAD.CUSTOMER_ID, sender.customer().value())
        .set(HEAD.APPLIANCE_ID, sender.appliance().value())
        .set(HEAD.STREAM, batch.chain().stream())
        .set(HEAD.EPOCH, batch.chain().epoch())
        .set(HEAD.LAST_SEQUENCE, batch.lastSequence())
        .set(HEAD.SIGNED, batch.head())
        .set(HEAD.SIGNATURE, batch.signature())
        .set(HEAD.PUBLIC_KEY, key.getEncoded())
        .set(HEAD.ACCEPTED_AT, now)
        .execute();
    changes.announce(
        dsl,
        Change.of("usage", sender.msp(), sender.customer(), fresh.getLast().id(), now.toInstant()));
  }

  private void alert(DSLContext dsl, ApplianceIdentity sender, String code, String message) {
    Instant now = clock.instant();
    dsl.insertInto(ALERT)
        .set(ALERT.MSP_ID, sender.msp().value())
        .set(ALERT.CUSTOMER_ID, sender.customer().value())
        .set(ALERT.APPLIANCE_ID, sender.appliance().value())
        .set(ALERT.CODE, code)
        .set(ALERT.MESSAGE, message)
        .set(ALERT.AT, now.atOffset(ZoneOffset.UTC))
        .execute();
    changes.announce(
        dsl, Change.of("appliance", sender.msp(), sender.customer(), sender.appliance(), now));
  }

  private static Taken answered(
      UsageAnswer.Outcome outcome,
      io.sendense.billing.metering.UsageBatch batch,
      long through,
      int fresh) {
    return new Taken.Answered(
        new UsageAnswer(outcome, batch.chain().stream(), batch.chain().epoch(), through, fresh));
  }

  private static Taken forked(io.sendense.billing.metering.UsageBatch batch, int epoch) {
    return new Taken.Answered(
        new UsageAnswer(UsageAnswer.Outcome.FORKED, batch.chain().stream(), epoch, 0, 0));
  }

  private static io.sendense.billing.metering.UsageBatch decode(UsageBatch sent) {
    try {
      return io.sendense.billing.metering.UsageBatch.ofBytes(sent.batch());
    } catch (UsageFormatException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "this is no usage batch: " + e.getMessage(),
          "Update the appliance; its records stay with it until they are accepted.",
          e);
    }
  }
}
