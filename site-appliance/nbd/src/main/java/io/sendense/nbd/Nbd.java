package io.sendense.nbd;

/**
 * Numbers of the NBD protocol, named as its specification names them. Described in docs/protocol.
 */
final class Nbd {
  static final long INIT_MAGIC = 0x4e42444d41474943L;
  static final long OPTION_MAGIC = 0x49484156454F5054L;
  static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
  static final int REQUEST_MAGIC = 0x25609513;
  static final int SIMPLE_REPLY_MAGIC = 0x67446698;
  static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

  /** Handshake flags; the client's have the same values. */
  static final int FIXED_NEWSTYLE = 1;

  static final int NO_ZEROES = 2;

  static final int FLAG_HAS_FLAGS = 1;
  static final int FLAG_READ_ONLY = 1 << 1;
  static final int FLAG_SEND_FLUSH = 1 << 2;
  static final int FLAG_SEND_FUA = 1 << 3;
  static final int FLAG_SEND_TRIM = 1 << 5;
  static final int FLAG_SEND_WRITE_ZEROES = 1 << 6;
  static final int FLAG_SEND_DF = 1 << 7;
  static final int FLAG_CAN_MULTI_CONN = 1 << 8;

  static final int OPT_EXPORT_NAME = 1;
  static final int OPT_ABORT = 2;
  static final int OPT_LIST = 3;
  static final int OPT_STARTTLS = 5;
  static final int OPT_INFO = 6;
  static final int OPT_GO = 7;
  static final int OPT_STRUCTURED_REPLY = 8;
  static final int OPT_LIST_META_CONTEXT = 9;
  static final int OPT_SET_META_CONTEXT = 10;

  static final int REP_ACK = 1;
  static final int REP_SERVER = 2;
  static final int REP_INFO = 3;
  static final int REP_META_CONTEXT = 4;
  static final int REP_ERROR_BIT = 1 << 31;
  static final int REP_ERR_UNSUP = REP_ERROR_BIT | 1;
  static final int REP_ERR_POLICY = REP_ERROR_BIT | 2;
  static final int REP_ERR_INVALID = REP_ERROR_BIT | 3;
  static final int REP_ERR_TLS_REQD = REP_ERROR_BIT | 5;
  static final int REP_ERR_UNKNOWN = REP_ERROR_BIT | 6;
  static final int REP_ERR_SHUTDOWN = REP_ERROR_BIT | 7;
  static final int REP_ERR_BLOCK_SIZE_REQD = REP_ERROR_BIT | 8;
  static final int REP_ERR_TOO_BIG = REP_ERROR_BIT | 9;

  static final int INFO_EXPORT = 0;
  static final int INFO_NAME = 1;
  static final int INFO_DESCRIPTION = 2;
  static final int INFO_BLOCK_SIZE = 3;

  static final int CMD_READ = 0;
  static final int CMD_WRITE = 1;
  static final int CMD_DISC = 2;
  static final int CMD_FLUSH = 3;
  static final int CMD_TRIM = 4;
  static final int CMD_WRITE_ZEROES = 6;
  static final int CMD_BLOCK_STATUS = 7;

  static final int CMD_FLAG_FUA = 1;
  static final int CMD_FLAG_DF = 1 << 2;
  static final int CMD_FLAG_REQ_ONE = 1 << 3;

  static final int REPLY_FLAG_DONE = 1;
  static final int REPLY_NONE = 0;
  static final int REPLY_OFFSET_DATA = 1;
  static final int REPLY_OFFSET_HOLE = 2;
  static final int REPLY_BLOCK_STATUS = 5;
  static final int REPLY_ERROR = (1 << 15) + 1;
  static final int REPLY_ERROR_OFFSET = (1 << 15) + 2;

  static final int EPERM = 1;
  static final int EIO = 5;
  static final int EINVAL = 22;
  static final int ENOSPC = 28;
  static final int EOVERFLOW = 75;
  static final int ENOTSUP = 95;
  static final int ESHUTDOWN = 108;

  static final int REQUEST_BYTES = 28;
  static final int SIMPLE_REPLY_BYTES = 16;
  static final int STRUCTURED_REPLY_BYTES = 20;

  static final String BASE_ALLOCATION = "base:allocation";

  private Nbd() {}

  /** Name of an error number on the wire. */
  static String errorName(int error) {
    return switch (error) {
      case EPERM -> "EPERM, not permitted";
      case EIO -> "EIO, input/output error";
      case 12 -> "ENOMEM, out of memory";
      case EINVAL -> "EINVAL, invalid request";
      case ENOSPC -> "ENOSPC, no space left";
      case EOVERFLOW -> "EOVERFLOW, reply too large";
      case ENOTSUP -> "ENOTSUP, not supported";
      case ESHUTDOWN -> "ESHUTDOWN, the server is shutting down";
      default -> "error " + Integer.toUnsignedString(error);
    };
  }

  static String optionErrorName(int type) {
    return switch (type) {
      case REP_ERR_UNSUP -> "unsupported";
      case REP_ERR_POLICY -> "forbidden by policy";
      case REP_ERR_INVALID -> "invalid";
      case REP_ERR_TLS_REQD -> "TLS required";
      case REP_ERR_UNKNOWN -> "export unknown";
      case REP_ERR_SHUTDOWN -> "shutting down";
      case REP_ERR_BLOCK_SIZE_REQD -> "block size required";
      case REP_ERR_TOO_BIG -> "too big";
      default -> "error " + Integer.toUnsignedString(type);
    };
  }
}
