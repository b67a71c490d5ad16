package io.sendense.appliance.daemon;

import io.sendense.controllink.CloudLink;
import io.sendense.controllink.ControlLink;
import io.sendense.controllink.Enrolment;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;

/**
 * The cloud that this state folder is enrolled at.
 *
 * @param session of this process
 */
record EnrolledDial(
    IdentityStore store, Enrolment enrolment, Optional<InetSocketAddress> proxy, UUID session)
    implements Dial {
  @Override
  public CloudLink open(Identity identity) {
    return new ControlLink(store.cloudUrl(), store.cloudCa(), identity, proxy, session);
  }

  @Override
  public Identity renew(Identity old) throws InterruptedException {
    return enrolment.renew(old);
  }

  @Override
  public String cloud() {
    return store.cloudUrl().toString();
  }
}
