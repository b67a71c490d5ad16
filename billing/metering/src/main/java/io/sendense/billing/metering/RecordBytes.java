package io.sendense.billing.metering;

import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The byte form of a record. */
final class RecordBytes {
  private static final int MAGIC = Wire.magic("SDUR");
  private static final int VM_LENGTH = 44;
  private static final int POLICY_ACTIVE = 1;

  /** By code; a name's place never changes, a new edition gets the next one. */
  private static final List<Edition> CODES =
      List.of(
          Edition.COMMUNITY,
          Edition.TRIAL,
          Edition.BACKUP,
          Edition.ENTERPRISE,
          Edition.REPLICATION);

  private RecordBytes() {}

  static byte[] write(UsageRecord usage) {
    ChainId chain = usage.id().chain();
    int length =
        6 + Wire.chainLength(chain) + 8 + Hash.LENGTH + 8 + 4 + VM_LENGTH * usage.vms().size();
    ByteBuffer out = ByteBuffer.allocate(length);
    out.putInt(MAGIC).putShort(Wire.VERSION);
    Wire.putChain(out, chain);
    out.putLong(usage.id().sequence());
    out.put(usage.previous().toBytes());
    out.putLong(usage.hour().getEpochSecond());
    out.putInt(usage.vms().size());
    for (VmUsage vm : usage.vms()) {
      Wire.putUuid(out, vm.vm().value());
      out.put((byte) CODES.indexOf(vm.edition()));
      out.put((byte) (vm.policyActive() ? POLICY_ACTIVE : 0));
      out.putInt(vm.pointsHeld());
      out.putLong(vm.storedBytes()).putLong(vm.movedBytes());
      out.putShort((short) vm.replicationTargets());
      out.putInt(0);
    }
    return out.array();
  }

  static UsageRecord read(byte[] bytes) throws UsageFormatException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Wire.expect(in, MAGIC, "usage record");
    try {
      ChainId chain = Wire.getChain(in);
      UsageRecordId id = new UsageRecordId(chain, in.getLong());
      Hash previous = Wire.getHash(in);
      Instant hour = Instant.ofEpochSecond(in.getLong());
      int count = in.getInt();
      if (count < 0 || count > UsageRecord.MOST_VMS || in.remaining() != count * VM_LENGTH) {
        throw new UsageFormatException("the VM count does not fit the length of the record");
      }
      return new UsageRecord(id, previous, hour, vms(in, count));
    } catch (BufferUnderflowException e) {
      throw new UsageFormatException("the record is cut off", e);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new UsageFormatException("a field is out of range: " + e.getMessage(), e);
    }
  }

  private static List<VmUsage> vms(ByteBuffer in, int count) throws UsageFormatException {
    List<VmUsage> vms = new ArrayList<>(count);
    UUID before = null;
    for (int i = 0; i < count; i++) {
      UUID id = Wire.getUuid(in);
      if (before != null && UsageRecord.compareBytes(before, id) >= 0) {
        throw new UsageFormatException("the VMs are not in ascending order");
      }
      before = id;
      vms.add(vm(in, new VmId(id)));
    }
    return vms;
  }

  private static VmUsage vm(ByteBuffer in, VmId id) throws UsageFormatException {
    int edition = Byte.toUnsignedInt(in.get());
    int flags = Byte.toUnsignedInt(in.get());
    if (edition >= CODES.size() || (flags & ~POLICY_ACTIVE) != 0) {
      throw new UsageFormatException("unknown edition or flag of VM " + id);
    }
    VmUsage usage =
        new VmUsage(
            id,
            CODES.get(edition),
            flags == POLICY_ACTIVE,
            in.getInt(),
            in.getLong(),
            in.getLong(),
            Short.toUnsignedInt(in.getShort()));
    if (in.getInt() != 0) {
      throw new UsageFormatException("reserved bytes are not zero, VM " + id);
    }
    return usage;
  }
}
