package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.protection.ApplianceRef;
import io.sendense.cloud.protection.ProtectionState;
import io.sendense.protocol.Command;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Intervals;
import io.sendense.protocol.Messages;
import io.sendense.protocol.ProtectionPolicy;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Works out an appliance's desired state from policies and open commands. Its version rises when
 * its content differs from what it was when it was last worked out, whoever changed it.
 */
final class DesiredStates {
  private final ProtectionState protection;
  private final Intervals intervals;

  DesiredStates(ProtectionState protection, Intervals intervals) {
    this.protection = protection;
    this.intervals = intervals;
  }

  DesiredState of(DSLContext dsl, ApplianceIdentity identity) {
    ApplianceRef of = Rows.ref(identity, Rows.find(dsl, identity).orElseThrow());
    List<ProtectionPolicy> policies = protection.policies(dsl, of);
    List<Command> commands = protection.openCommands(dsl, of);
    byte[] hash = hash(new DesiredState(identity.appliance(), 0, policies, commands, intervals));
    var row = Rows.find(dsl, identity).orElseThrow();
    long version = row.getDesiredVersion();
    if (!MessageDigest.isEqual(hash, row.getDesiredHash())) {
      var locked = Rows.locked(dsl, identity).orElseThrow();
      version = locked.getDesiredVersion();
      if (!MessageDigest.isEqual(hash, locked.getDesiredHash())) {
        version++;
        dsl.update(APPLIANCE)
            .set(APPLIANCE.DESIRED_VERSION, version)
            .set(APPLIANCE.DESIRED_HASH, hash)
            .where(Rows.isThis(identity))
            .execute();
      }
    }
    return new DesiredState(identity.appliance(), version, policies, commands, intervals);
  }

  private static byte[] hash(DesiredState content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(Messages.write(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
