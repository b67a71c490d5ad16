package io.sendense.appliance.daemon;

import io.sendense.billing.metering.ChainId;
import io.sendense.billing.metering.UsageFormatException;
import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.UsageStore;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The usage chain in the daemon's database. Appending a record also empties the counter of moved
 * bytes that it holds, in one transaction, so that no byte is metered twice or never.
 */
final class SqliteUsageStore implements UsageStore {
  private static final String EPOCH = "usage.epoch";
  private static final String LAST = "usage.last";

  private final DaemonDatabase database;
  private final ApplianceId appliance;

  SqliteUsageStore(DaemonDatabase database, ApplianceId appliance) {
    this.database = database;
    this.appliance = appliance;
  }

  @Override
  public Optional<UsageRecord> last() {
    return database.setting(LAST).map(hex -> parse(HexFormat.of().parseHex(hex)));
  }

  @Override
  public void append(UsageRecord usage) {
    int rows =
        database.inTransaction(
            () -> {
              database.update("DELETE FROM moved");
              return insert(usage);
            });
    if (rows != 1) {
      throw new IllegalStateException("record " + usage.id() + " was not stored");
    }
  }

  @Override
  public List<UsageRecord> unacknowledged(int most) {
    return database.query(
        "SELECT bytes FROM usage_record ORDER BY seq LIMIT ?", SqliteUsageStore::row, most);
  }

  long waiting() {
    return database.query("SELECT count(*) FROM usage_record", row -> row.getLong(1)).getFirst();
  }

  @Override
  public void acknowledge(ChainId chain, long lastSequence) {
    database.update(
        "DELETE FROM usage_record WHERE stream = ? AND epoch = ? AND sequence <= ?",
        chain.stream(),
        chain.epoch(),
        lastSequence);
  }

  @Override
  public void rebase(ChainId beginning, List<UsageRecord> replacement) {
    int rows =
        database.inTransaction(
            () -> {
              database.update("DELETE FROM usage_record");
              database.set(EPOCH, Integer.toString(beginning.epoch()));
              return replacement.stream().mapToInt(this::insert).sum();
            });
    if (rows != replacement.size()) {
      throw new IllegalStateException("the new epoch was not stored");
    }
  }

  @Override
  public ChainId chain() {
    int epoch = database.setting(EPOCH).map(Integer::parseInt).orElse(1);
    return new ChainId(appliance, ChainId.USAGE, epoch);
  }

  private int insert(UsageRecord usage) {
    byte[] bytes = usage.toBytes();
    database.set(LAST, HexFormat.of().formatHex(bytes));
    return database.update(
        "INSERT INTO usage_record (stream, epoch, sequence, bytes) VALUES (?, ?, ?, ?)",
        usage.id().chain().stream(),
        usage.id().chain().epoch(),
        usage.id().sequence(),
        bytes);
  }

  private static UsageRecord row(ResultSet row) throws SQLException {
    return parse(row.getBytes(1));
  }

  private static UsageRecord parse(byte[] bytes) {
    try {
      return UsageRecord.ofBytes(bytes);
    } catch (UsageFormatException e) {
      throw new SendenseException(
          ErrorCode.STORE_DAMAGED,
          "a usage record in the state folder is damaged: " + e.getMessage(),
          "Restore the state folder from a backup, or enrol the appliance again.",
          e);
    }
  }
}
