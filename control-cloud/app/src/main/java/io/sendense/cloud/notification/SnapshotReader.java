package io.sendense.cloud.notification;

import io.sendense.domain.MspId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Reads what the rules look at, under the scope of the whole MSP. */
final class SnapshotReader {
  private static final String APPLIANCES =
      "select a.customer_id, a.appliance_id, a.name, a.enrolled_at, a.last_seen_at,"
          + " a.software_version, a.health_level, a.health_detail, a.clock_offset_millis,"
          + " (select max(l.at) from fleet.alert l where (l.msp_id, l.customer_id, l.appliance_id)"
          + " = (a.msp_id, a.customer_id, a.appliance_id)) copied,"
          + " (select max(r.hour) from metering.record r where (r.msp_id, r.customer_id,"
          + " r.appliance_id) = (a.msp_id, a.customer_id, a.appliance_id)) usage_until"
          + " from fleet.appliance a where a.msp_id = ? and a.state = 'active'";

  private static final String MACHINES =
      "select v.customer_id, v.vm_id, v.name, p.seconds, p.since,"
          + " (select max(r.captured_at) from protection.restore_point r where (r.msp_id,"
          + " r.customer_id, r.vm_id) = (v.msp_id, v.customer_id, v.vm_id) and r.gone_at is null)"
          + " newest,"
          + " (select max(r.gone_at) from protection.restore_point r where (r.msp_id,"
          + " r.customer_id, r.vm_id) = (v.msp_id, v.customer_id, v.vm_id)"
          + " and r.gone_reason = 'damaged') damaged,"
          + " (select case when j.state = 'failed' then coalesce(j.message, 'no reason was given')"
          + " end from protection.job j where (j.msp_id, j.customer_id, j.vm_id)"
          + " = (v.msp_id, v.customer_id, v.vm_id) and j.kind = 'backup'"
          + " order by j.started_at desc limit 1) failure"
          + " from protection.vm v left join lateral (select min(p.interval_seconds) seconds,"
          + " min(p.created_at) since from protection.policy_vm m join protection.policy p"
          + " using (msp_id, customer_id, policy_id) where (m.msp_id, m.customer_id, m.vm_id)"
          + " = (v.msp_id, v.customer_id, v.vm_id)) p on true where v.msp_id = ? and not v.gone";

  private static final String LICENCES =
      "select customer_id, valid_to, revoked_at from licensing.licence"
          + " where msp_id = ? and replaced_at is null";

  private SnapshotReader() {}

  static Snapshot read(DSLContext dsl, MspId msp, Instant now, Duration reportInterval) {
    UUID id = msp.value();
    return new Snapshot(
        now,
        reportInterval,
        dsl.fetch(APPLIANCES, id).map(SnapshotReader::appliance),
        dsl.fetch(MACHINES, id).map(SnapshotReader::machine),
        dsl.fetch(LICENCES, id).map(SnapshotReader::licence));
  }

  private static Snapshot.Appliance appliance(Record row) {
    return new Snapshot.Appliance(
        id(row, "customer_id"),
        id(row, "appliance_id"),
        row.get("name", String.class),
        time(row, "enrolled_at").orElseThrow(),
        time(row, "last_seen_at"),
        text(row, "software_version"),
        text(row, "health_level"),
        text(row, "health_detail").orElse(""),
        Optional.ofNullable(row.get("clock_offset_millis", Long.class)).map(Duration::ofMillis),
        time(row, "copied"),
        time(row, "usage_until"));
  }

  private static Snapshot.Machine machine(Record row) {
    return new Snapshot.Machine(
        id(row, "customer_id"),
        id(row, "vm_id"),
        row.get("name", String.class),
        Optional.ofNullable(row.get("seconds", Long.class)).map(Duration::ofSeconds),
        time(row, "since"),
        time(row, "newest"),
        text(row, "failure"),
        time(row, "damaged"));
  }

  private static Snapshot.Licence licence(Record row) {
    return new Snapshot.Licence(
        id(row, "customer_id"), time(row, "valid_to").orElseThrow(), time(row, "revoked_at"));
  }

  private static UUID id(Record row, String column) {
    return row.get(column, UUID.class);
  }

  private static Optional<String> text(Record row, String column) {
    return Optional.ofNullable(row.get(column, String.class));
  }

  private static Optional<Instant> time(Record row, String column) {
    @Nullable OffsetDateTime at = row.get(column, OffsetDateTime.class);
    return Optional.ofNullable(at).map(OffsetDateTime::toInstant);
  }
}
