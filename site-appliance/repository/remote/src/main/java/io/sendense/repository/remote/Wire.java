package io.sendense.repository.remote;

import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectTier;
import java.util.List;

/** Numbers of the protocol; {@code docs/protocol/remote-store.md} explains them. */
final class Wire {
  static final String ALPN = "sendense-store";
  static final long MAGIC = 0x534e4453544f5245L; // SNDSTORE
  static final int VERSION = 1;

  static final int HEADER_BYTES = 12;
  static final int DATA_BYTES_MAX = 256 << 10;
  static final int BODY_BYTES_MAX = 128 << 10;
  static final int HELLO_BYTES_MAX = 1 << 10;
  static final int SMALL_BYTES_MAX = 64 << 10;
  static final int TEXT_BYTES_MAX = 2000;
  static final int ITEMS_MAX = 256;
  static final int ITEMS_AHEAD = 4;

  static final int HELLO = 0x01;
  static final int WELCOME = 0x02;
  static final int PING = 0x03;
  static final int PONG = 0x04;
  static final int PUT = 0x10;
  static final int PUT_SMALL = 0x11;
  static final int GET = 0x12;
  static final int READ = 0x13;
  static final int STAT = 0x14;
  static final int LIST = 0x15;
  static final int DELETE = 0x16;
  static final int SUM = 0x17;
  static final int LOCK_STATE = 0x18;
  static final int EXTEND_LOCK = 0x19;
  static final int HOLD = 0x1a;
  static final int TIER_STATE = 0x1b;
  static final int MOVE = 0x1c;
  static final int NEXT = 0x1d;
  static final int CANCEL = 0x1e;
  static final int DATA = 0x20;
  static final int GO = 0x80;
  static final int OK = 0x81;
  static final int ABSENT = 0x82;
  static final int STORED = 0x83;
  static final int SIZE = 0x84;
  static final int ITEMS = 0x85;
  static final int END = 0x86;
  static final int SUM_IS = 0x87;
  static final int LOCK_IS = 0x88;
  static final int TIER_IS = 0x89;
  static final int ERROR = 0x8f;

  /** Bit and, plus one, number of each. */
  static final List<LockMode> LOCK_MODES = List.of(LockMode.GOVERNANCE, LockMode.COMPLIANCE);

  /** Bit and number of each. */
  static final List<ObjectTier> TIERS =
      List.of(ObjectTier.HOT, ObjectTier.COOL, ObjectTier.ARCHIVE);

  private Wire() {}
}
