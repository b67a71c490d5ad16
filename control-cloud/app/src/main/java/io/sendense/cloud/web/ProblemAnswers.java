package io.sendense.cloud.web;

import io.netty.channel.ChannelException;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns every failure of a request into problem+json. What is not ours to explain is logged whole
 * and answered without its text.
 */
@Component
@Order(-2)
public final class ProblemAnswers implements WebExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);
  private static final String SIGN_IN = "Sign in again and send the new access token.";

  private final JsonMapper json;

  ProblemAnswers(JsonMapper json) {
    this.json = json;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    if (exchange.getResponse().isCommitted()) {
      return Mono.error(failure);
    }
    return write(exchange, problem(exchange, failure));
  }

  /** Answers a request without a token, or with one that is not believed. */
  public Mono<Void> unauthenticated(ServerWebExchange exchange, AuthenticationException why) {
    boolean sent = exchange.getRequest().getHeaders().containsHeader(HttpHeaders.AUTHORIZATION);
    exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    // The validator's words (expired at, wrong issuer, wrong audience) hold no part of the token.
    String detail =
        sent
            ? "the access token was not accepted: " + why.getMessage()
            : "this needs an access token, and the request has none";
    return write(exchange, problem(exchange, ErrorCode.UNAUTHENTICATED, detail, SIGN_IN));
  }

  /** Answers a caller whose roles do not allow the operation. */
  public Mono<Void> denied(ServerWebExchange exchange, Exception why) {
    return write(
        exchange,
        problem(
            exchange,
            ErrorCode.FORBIDDEN,
            "your roles do not allow "
                + exchange.getRequest().getMethod()
                + " "
                + exchange.getRequest().getPath().value(),
            "Ask an administrator to do it or to give you a role that may."));
  }

  private Problem problem(ServerWebExchange exchange, Throwable failure) {
    return switch (failure) {
      case SendenseException known -> {
        if (status(known.code()).is5xxServerError()) {
          LOG.warn("{} {}", known.code().id(), known.getMessage(), known);
        }
        yield problem(exchange, known.code(), message(known), known.remedy());
      }
      case InvalidRequest invalid ->
          Problem.of(
              ErrorCode.BAD_ARGUMENT,
              400,
              "the request is not valid: " + fields(invalid),
              "Mend every field listed in errors and send it again.",
              path(exchange),
              invalid.findings());
      case ServerWebInputException unreadable ->
          problem(
              exchange,
              ErrorCode.BAD_ARGUMENT,
              "the request could not be read: " + rootMessage(unreadable),
              "Compare it with openapi.yaml.");
      case ChannelException cut ->
          Problem.of(
              ErrorCode.DEADLINE_EXCEEDED,
              HttpStatus.REQUEST_TIMEOUT.value(),
              "the rest of the request did not come: " + message(cut),
              "Send it again.",
              path(exchange),
              List.of());
      case ResponseStatusException other when other.getStatusCode().is4xxClientError() ->
          Problem.of(
              other.getStatusCode().value() == 404 ? ErrorCode.NOT_FOUND : ErrorCode.BAD_ARGUMENT,
              other.getStatusCode().value(),
              "the request was refused: " + other.getMessage(),
              "Compare it with openapi.yaml.",
              path(exchange),
              List.of());
      default -> {
        LOG.error("{} {} failed", exchange.getRequest().getMethod(), path(exchange), failure);
        yield problem(
            exchange,
            ErrorCode.INTERNAL,
            "the control plane failed at this request",
            "Try again; if it lasts, tell the operator the time and the path.");
      }
    };
  }

  private static Problem problem(
      ServerWebExchange exchange, ErrorCode code, String detail, String remedy) {
    return Problem.of(code, status(code).value(), detail, remedy, path(exchange), List.of());
  }

  private Mono<Void> write(ServerWebExchange exchange, Problem problem) {
    ServerHttpResponse response = exchange.getResponse();
    response.setStatusCode(HttpStatus.valueOf(problem.status()));
    response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    byte[] body = json.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
    return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
  }

  /** The HTTP status of a code; what does not concern a caller is our own failure. */
  static HttpStatus status(ErrorCode code) {
    return switch (code) {
      case BAD_ARGUMENT, WRONG_KEY, LICENCE_INVALID -> HttpStatus.BAD_REQUEST;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case ALREADY_EXISTS, CONFLICT, LINK_CLONE_DETECTED -> HttpStatus.CONFLICT;
      case FORBIDDEN, LICENCE_EXPIRED, LICENCE_LIMIT, LINK_REFUSED -> HttpStatus.FORBIDDEN;
      case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
      case LIMIT_REACHED -> HttpStatus.TOO_MANY_REQUESTS;
      case DATABASE_UNAVAILABLE,
          IDENTITY_UNAVAILABLE,
          LINK_UNAVAILABLE,
          STORE_UNAVAILABLE,
          DEADLINE_EXCEEDED ->
          HttpStatus.SERVICE_UNAVAILABLE;
      case NO_SPACE -> HttpStatus.INSUFFICIENT_STORAGE;
      default -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  private static String path(ServerWebExchange exchange) {
    return exchange.getRequest().getPath().value();
  }

  private static String fields(InvalidRequest invalid) {
    return String.join(
        ", ", invalid.findings().stream().map(f -> f.field() + " " + f.message()).toList());
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = message(root);
    int line = text.indexOf('\n');
    return line < 0 ? text : text.substring(0, line);
  }
}
