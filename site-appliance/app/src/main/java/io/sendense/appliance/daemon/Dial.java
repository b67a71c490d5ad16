package io.sendense.appliance.daemon;

import io.sendense.controllink.CloudLink;
import io.sendense.controllink.Identity;

/** How this process reaches its cloud. Neither call is tried again here. */
interface Dial {
  /** Connects nothing yet; the first call does. To be closed by the caller. */
  CloudLink open(Identity identity);

  /**
   * A fresh certificate, saved before it is returned.
   *
   * @throws io.sendense.domain.SendenseException with the cloud's reason; the old one is kept
   */
  Identity renew(Identity old) throws InterruptedException;

  /** Where it is, for the log. */
  String cloud();
}
