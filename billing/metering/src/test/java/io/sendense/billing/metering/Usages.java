package io.sendense.billing.metering;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One appliance with two VMs, hour after hour. */
final class Usages {
  static final ApplianceId APPLIANCE = ApplianceId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41");
  static final ApplianceId OTHER = ApplianceId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e42");
  static final ChainId CHAIN = new ChainId(APPLIANCE, ChainId.USAGE, 1);
  static final Instant START = Instant.parse("2026-11-20T22:00:00Z");
  static final KeyPair KEY = key();
  static final KeyPair STRANGERS_KEY = key();

  private Usages() {}

  static List<VmUsage> vms(int salt) {
    return List.of(
        new VmUsage(new VmId(new UUID(-1, 7)), Edition.ENTERPRISE, true, 3, 1L << 40, salt, 2),
        new VmUsage(new VmId(new UUID(1, -7)), Edition.BACKUP, false, 0, 0, 0, 0));
  }

  static List<UsageRecord> chain(int length) {
    MemoryUsageStore store = new MemoryUsageStore(CHAIN);
    UsageChain chain = new UsageChain(store);
    List<UsageRecord> records = new ArrayList<>();
    for (int hour = 0; hour < length; hour++) {
      records.add(chain.append(START.plus(Duration.ofHours(hour)), vms(hour)));
    }
    return records;
  }

  static UsageBatch batch(List<UsageRecord> records) {
    return UsageBatch.sign(records, KEY.getPrivate());
  }

  private static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
