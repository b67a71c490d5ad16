package io.sendense.cloud.identity;

import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Gives controllers the {@link Caller} of the request. */
final class CallerArgument implements HandlerMethodArgumentResolver {
  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType().equals(Caller.class);
  }

  @Override
  public Mono<Object> resolveArgument(
      MethodParameter parameter, BindingContext context, ServerWebExchange exchange) {
    return ReactiveSecurityContextHolder.getContext().map(CallerArgument::caller);
  }

  private static Caller caller(SecurityContext context) {
    if (context.getAuthentication() instanceof CallerToken token) {
      return token.caller();
    }
    throw new IllegalStateException("a controller asked for the caller of an open operation");
  }
}
