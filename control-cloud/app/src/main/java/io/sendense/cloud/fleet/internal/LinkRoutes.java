package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.internal.LinkCall.Answer;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.LinkPaths;
import io.sendense.protocol.Messages;
import io.sendense.protocol.ProblemAnswer;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which path does what, and how a failure is told. Blocks; each call runs on its own virtual
 * thread.
 */
final class LinkRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(LinkRoutes.class);

  private final EstRoutes est;
  private final StateRoutes state;

  LinkRoutes(EstRoutes est, StateRoutes state) {
    this.est = est;
    this.state = state;
  }

  /** Never throws but for an interruption, which means that the caller has gone. */
  Answer handle(LinkCall call) throws InterruptedException {
    try {
      return route(call);
    } catch (SendenseException e) {
      LOG.info("link {} {} refused: {} {}", call.method(), call.path(), e.code(), e.getMessage());
      return problem(e);
    } catch (RuntimeException e) {
      LOG.error("link {} {} failed", call.method(), call.path(), e);
      return problem(
          new SendenseException(
              ErrorCode.INTERNAL,
              "the control plane failed while it handled the request",
              "Try again later; its log has the reason."));
    }
  }

  private Answer route(LinkCall call) throws InterruptedException {
    return switch (call.method() + " " + call.path()) {
      case "GET " + LinkPaths.CA_CERTS -> est.caCertificates();
      case "POST " + LinkPaths.ENROL -> est.enrol(call);
      case "POST " + LinkPaths.RENEW -> est.renew(call);
      case "POST " + LinkPaths.RENEW_EXPIRED -> est.renewExpired(call);
      case "GET " + LinkPaths.DESIRED_STATE -> state.desired(call);
      case "POST " + LinkPaths.REPORTED_STATE -> state.report(call);
      case "POST " + LinkPaths.LEASE -> state.lease(call);
      case "POST " + LinkPaths.USAGE -> state.usage(call);
      default ->
          throw new SendenseException(
              ErrorCode.NOT_FOUND,
              "the appliance link has no such path",
              "Check that appliance and control plane run versions that know each other.");
    };
  }

  private static Answer problem(SendenseException e) {
    ErrorCode code = e.code();
    int status = status(code);
    ProblemAnswer problem =
        new ProblemAnswer(
            status,
            code.id(),
            code.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
            cut(String.valueOf(e.getMessage())),
            cut(e.remedy()));
    return new Answer(
        status, Map.of("Content-Type", LinkPaths.PROBLEM_JSON), Messages.write(problem));
  }

  private static String cut(String text) {
    return text.length() > 1000 ? text.substring(0, 1000) + "..." : text;
  }

  static int status(ErrorCode code) {
    return switch (code) {
      case BAD_ARGUMENT, WRONG_KEY -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN, LINK_REFUSED, LINK_CLONE_DETECTED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, CONFLICT -> 409;
      case LIMIT_REACHED -> 413;
      default -> {
        if (code.number() >= 6000 && code.number() < 7000) {
          yield 403;
        }
        yield code.number() < 2000 ? 400 : 500;
      }
    };
  }
}
