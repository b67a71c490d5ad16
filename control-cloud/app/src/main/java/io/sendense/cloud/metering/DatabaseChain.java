package io.sendense.cloud.metering;

import static io.sendense.cloud.db.metering.Tables.RECORD;
import static io.sendense.cloud.db.metering.Tables.STREAM;

import io.sendense.billing.metering.ChainId;
import io.sendense.billing.metering.Hash;
import io.sendense.billing.metering.KnownChain;
import io.sendense.billing.metering.UsageRecordId;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.domain.ApplianceId;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** What is stored of one appliance's chains, inside one transaction. */
final class DatabaseChain implements KnownChain {
  private final DSLContext dsl;
  private final ApplianceIdentity owner;

  private DatabaseChain(DSLContext dsl, ApplianceIdentity owner) {
    this.dsl = dsl;
    this.owner = owner;
  }

  /** Makes the stream's row if there is none, and holds its lock until the transaction ends. */
  static DatabaseChain locked(DSLContext dsl, ApplianceIdentity owner, String stream) {
    dsl.insertInto(STREAM)
        .set(STREAM.MSP_ID, owner.msp().value())
        .set(STREAM.CUSTOMER_ID, owner.customer().value())
        .set(STREAM.APPLIANCE_ID, owner.appliance().value())
        .set(STREAM.STREAM_, stream)
        .set(STREAM.CURRENT_EPOCH, 1)
        .onConflictDoNothing()
        .execute();
    DatabaseChain chain = new DatabaseChain(dsl, owner);
    dsl.selectFrom(STREAM).where(chain.ofStream(stream)).forUpdate().fetchSingle();
    return chain;
  }

  @Override
  public int currentEpoch(ApplianceId appliance, String stream) {
    return dsl.selectFrom(STREAM).where(ofStream(stream)).fetchSingle().getCurrentEpoch();
  }

  void openEpoch(String stream, int epoch) {
    dsl.update(STREAM).set(STREAM.CURRENT_EPOCH, epoch).where(ofStream(stream)).execute();
  }

  @Override
  public long lastSequence(ChainId chain) {
    Long last =
        dsl.select(DSL.max(RECORD.SEQUENCE))
            .from(RECORD)
            .where(ofChain(chain))
            .fetchSingle()
            .value1();
    return last == null ? 0 : last;
  }

  @Override
  public Optional<Hash> hashOf(UsageRecordId id) {
    return dsl.select(RECORD.HASH)
        .from(RECORD)
        .where(ofChain(id.chain()))
        .and(RECORD.SEQUENCE.eq(id.sequence()))
        .fetchOptional(RECORD.HASH)
        .map(Hash::ofBytes);
  }

  private Condition ofStream(String stream) {
    return STREAM
        .MSP_ID
        .eq(owner.msp().value())
        .and(STREAM.CUSTOMER_ID.eq(owner.customer().value()))
        .and(STREAM.APPLIANCE_ID.eq(owner.appliance().value()))
        .and(STREAM.STREAM_.eq(stream));
  }

  private Condition ofChain(ChainId chain) {
    return RECORD
        .MSP_ID
        .eq(owner.msp().value())
        .and(RECORD.CUSTOMER_ID.eq(owner.customer().value()))
        .and(RECORD.APPLIANCE_ID.eq(owner.appliance().value()))
        .and(RECORD.STREAM.eq(chain.stream()))
        .and(RECORD.EPOCH.eq(chain.epoch()));
  }
}
