package io.sendense.controllink;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import io.sendense.protocol.LinkPaths;
import io.sendense.protocol.Message;
import io.sendense.protocol.Messages;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.UsageAnswer;
import io.sendense.protocol.UsageBatch;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The calls over HTTPS, with the appliance's certificate. */
public final class ControlLink implements CloudLink {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final LinkTransport transport;
  private final Identity identity;
  private final UUID session;

  /**
   * @param session random, one per running process; the cloud tells a copy of this appliance by it
   */
  public ControlLink(
      URI cloud,
      List<X509Certificate> ca,
      Identity identity,
      Optional<InetSocketAddress> proxy,
      UUID session) {
    this.transport = new LinkTransport(cloud, ca, Optional.of(identity), proxy);
    this.identity = identity;
    this.session = session;
  }

  @Override
  public LeaseAnswer renewLease(LeaseRequest request) throws InterruptedException {
    return Messages.read(LeaseAnswer.class, post(LinkPaths.LEASE, request));
  }

  @Override
  public Optional<DesiredState> desiredState(long heldVersion, Duration hold)
      throws InterruptedException {
    HttpRequest.Builder request =
        request(LinkPaths.DESIRED_STATE, hold.plus(DEADLINE))
            .header(LinkPaths.HOLD_HEADER, Long.toString(hold.toSeconds()));
    if (heldVersion >= 0) {
      request.header("If-None-Match", DesiredState.etag(heldVersion));
    }
    LinkTransport.Answer answer = transport.send(request.GET().build());
    if (answer.status() == 304) {
      return Optional.empty();
    }
    DesiredState state = Messages.read(DesiredState.class, answer.body());
    if (!state.appliance().equals(identity.appliance())) {
      throw new SendenseException(
          ErrorCode.LINK_REFUSED,
          "the cloud sent the desired state of appliance " + state.appliance(),
          "Report this; the desired state in force stays in force.");
    }
    return state.version() > heldVersion ? Optional.of(state) : Optional.empty();
  }

  @Override
  public void report(ReportedState state) throws InterruptedException {
    post(LinkPaths.REPORTED_STATE, state);
  }

  @Override
  public UsageAnswer sendUsage(UsageBatch batch) throws InterruptedException {
    return Messages.read(UsageAnswer.class, post(LinkPaths.USAGE, batch));
  }

  @Override
  public void close() {
    transport.close();
  }

  private byte[] post(String path, Message message) throws InterruptedException {
    return transport
        .send(
            request(path, DEADLINE)
                .header("Content-Type", LinkPaths.JSON)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Messages.write(message)))
                .build())
        .body();
  }

  private HttpRequest.Builder request(String path, Duration deadline) {
    return transport.request(path, deadline).header(LinkPaths.SESSION_HEADER, session.toString());
  }
}
