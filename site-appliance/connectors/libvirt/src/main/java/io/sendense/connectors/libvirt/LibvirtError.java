package io.sendense.connectors.libvirt;

import io.sendense.domain.SendenseException;
import java.util.Optional;
import java.util.Set;

/**
 * What libvirt answered, with its own numbers (libvirt/virterror.h) and words.
 *
 * @see <a href="https://libvirt.org/html/libvirt-virterror.html">virErrorNumber</a>
 */
final class LibvirtError extends Exception {
  private static final long serialVersionUID = 1L;

  static final int OPERATION_DENIED = 29;
  static final int NO_DOMAIN = 42;
  static final int NO_NETWORK = 43;
  static final int AUTH_FAILED = 45;
  static final int NO_STORAGE_POOL = 49;
  static final int OPERATION_INVALID = 55;
  static final int NO_DOMAIN_CHECKPOINT = 103;
  static final int NO_DOMAIN_BACKUP = 104;
  static final int CHECKPOINT_INCONSISTENT = 109;
  private static final Set<Integer> NOT_THERE =
      Set.of(NO_DOMAIN, NO_NETWORK, NO_STORAGE_POOL, NO_DOMAIN_CHECKPOINT, NO_DOMAIN_BACKUP);

  private final int code;

  LibvirtError(int code, String message) {
    super(message);
    this.code = code;
  }

  /** What libvirt had answered, where that was the cause of the failure. */
  static Optional<LibvirtError> of(SendenseException failure) {
    return failure.getCause() instanceof LibvirtError error ? Optional.of(error) : Optional.empty();
  }

  int code() {
    return code;
  }

  /** Whether what was asked for does not exist, as against could not be asked for. */
  boolean isNotThere() {
    return NOT_THERE.contains(code);
  }
}
