package io.sendense.cloud.web;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.identity.Caller;
import io.sendense.domain.CustomerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Sinks;

/** Live changes, each caller's own. The one place that really streams, and so the reactive one. */
@RestController
class EventsController {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int BUFFERED = 256;

  private final ChangeFeed changes;
  private final InstantSource clock;
  private final Sinks.Empty<Void> closing = Sinks.empty();

  EventsController(ChangeFeed changes, InstantSource clock) {
    this.changes = changes;
    this.clock = clock;
  }

  record Event(String type, Optional<UUID> customerId, Optional<String> id, Instant at) {}

  @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<ServerSentEvent<Event>> events(Caller caller) {
    Flux<ServerSentEvent<Event>> own =
        Flux.<Change>create(
                sink -> {
                  ChangeFeed.Registration listening = changes.listen(sink::next);
                  sink.onDispose(listening::close);
                },
                FluxSink.OverflowStrategy.LATEST)
            .filter(change -> sees(caller.scope(), change))
            .onBackpressureBuffer(BUFFERED)
            .map(EventsController::event);
    Flux<ServerSentEvent<Event>> heartbeat =
        Flux.interval(Duration.ZERO, HEARTBEAT)
            .onBackpressureDrop()
            .map(tick -> ServerSentEvent.<Event>builder().comment("here").build());
    Duration left = Duration.between(clock.instant(), caller.expiresAt());
    return Flux.merge(own, heartbeat)
        .take(left.isNegative() ? Duration.ZERO : left)
        .takeUntilOther(closing.asMono());
  }

  /** A stream is a request without an end of its own: a stop would wait for it in vain. */
  @EventListener(ContextClosedEvent.class)
  void close() {
    Sinks.EmitResult unused = closing.tryEmitEmpty();
  }

  /** The same rule as the database's, because events do not pass through it. */
  static boolean sees(Scope scope, Change change) {
    return switch (scope) {
      case Scope.WholeMsp whole -> whole.msp().value().equals(change.mspId());
      case Scope.Customers some ->
          some.msp().value().equals(change.mspId())
              && change.customerId().filter(id -> has(some, id)).isPresent();
      case Scope.Platform _ -> false;
      case Scope.ForSystem _ -> false;
    };
  }

  private static boolean has(Scope.Customers scope, UUID customer) {
    return scope.customers().contains(new CustomerId(customer));
  }

  private static ServerSentEvent<Event> event(Change change) {
    return ServerSentEvent.<Event>builder()
        .event("change")
        .data(new Event(change.type(), change.customerId(), change.id(), change.at()))
        .build();
  }
}
